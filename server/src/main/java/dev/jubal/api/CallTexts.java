package dev.jubal.api;

import dev.jubal.inference.Item;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.RecordShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Earlier calls and what they gave, in whatever shape clients send them, as texts. */
public final class CallTexts {
  private static final Set<String> TEXT_PARTS = Set.of("text", "input_text", "output_text");
  private static final Set<String> OTHER_PARTS =
      Set.of("image", "file", "input_file", "input_audio");

  private CallTexts() {}

  /** The arguments of a call: usually the text as the model wrote it, else the object itself. */
  public static String arguments(@Nullable JsonNode arguments) {
    if (arguments == null || (arguments.isString() && arguments.stringValue().isBlank())) {
      return "{}";
    }
    return text(arguments);
  }

  /**
   * What a call gave: a text, parts that are texts or pictures, or any other JSON as its text.
   * Absent it is empty.
   *
   * @throws ApiException when a part is a file, or a picture that is not well formed
   */
  public static List<Item.Part> output(
      @Nullable JsonNode output, String at, PictureParts pictures) {
    if (output == null) {
      return List.of(new Item.Part.Text(""));
    }
    List<Item.Part> parts = new ArrayList<>();
    boolean onlyParts = output.isArray();
    for (int i = 0; i < output.size() && output.isArray(); i++) {
      JsonNode part = output.get(i);
      String type = part.path("type").asString("");
      if (OTHER_PARTS.contains(type)) {
        String typeAt = at + "[" + i + "].type";
        throw ApiException.of(
            ErrorCode.UNSUPPORTED_PARAMETER,
            typeAt,
            typeAt
                + ": "
                + RecordShape.shown(part.path("type"))
                + " is not available in this version (expected: parts that are texts or"
                + " pictures).");
      }
      if (PictureParts.is(type)) {
        parts.add(pictures.read(part, at + "[" + i + "]"));
        continue;
      }
      onlyParts &= TEXT_PARTS.contains(type) && part.path("text").isString();
      parts.add(new Item.Part.Text(part.path("text").asString("")));
    }
    return onlyParts ? parts : List.of(new Item.Part.Text(text(output)));
  }

  private static String text(JsonNode node) {
    return node.isString() ? node.stringValue() : Json.string(node);
  }
}
