package dev.jubal.api;

import dev.jubal.inference.Item;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.RecordShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The pictures of one request, in the shapes that chat and responses have for them. */
public final class PictureParts {
  private static final Set<String> TYPES = Set.of("image_url", "input_image");
  private static final Set<String> DETAILS = Set.of("auto", "low", "high");

  private final List<String> fields = new ArrayList<>();

  /** Whether a part of this type holds a picture. */
  public static boolean is(String type) {
    return TYPES.contains(type);
  }

  /** Where the pictures stand, in the order in which they were read. */
  public List<String> fields() {
    return fields;
  }

  /** Notes items that stand somewhere as a whole, with their pictures. */
  public void stand(List<Item> items, String at) {
    for (Item item : items) {
      for (Item.Part part : Item.parts(item)) {
        if (part instanceof Item.Part.Image) {
          fields.add(at);
        }
      }
    }
  }

  /** A part as it stands, such as within what a call gave. */
  public Item.Part.Image read(JsonNode part, String at) {
    return read(part.get("image_url"), part.get("detail"), part.get("file_id"), at);
  }

  /**
   * A picture.
   *
   * @param imageUrl a URL, or an object of url and detail
   * @param detail beside the URL
   * @param fileId a stored file, of which there are none yet
   */
  public Item.Part.Image read(
      @Nullable JsonNode imageUrl,
      @Nullable JsonNode detail,
      @Nullable JsonNode fileId,
      String at) {
    JsonNode file = present(fileId);
    if (file != null) {
      throw ApiException.of(
          ErrorCode.UNSUPPORTED_PARAMETER,
          at + ".file_id",
          at
              + ".file_id: "
              + RecordShape.shown(file)
              + " is not available in this version (expected: image_url).");
    }
    String url = at + ".image_url";
    if (imageUrl != null && imageUrl.isObject()) {
      JsonNode inner = present(imageUrl.get("detail"));
      return image(
          imageUrl.get("url"), url + ".url", inner != null ? inner : detail, url + ".detail");
    }
    return image(imageUrl, url, detail, at + ".detail");
  }

  private Item.Part.Image image(
      @Nullable JsonNode givenUrl, String urlAt, @Nullable JsonNode givenDetail, String detailAt) {
    JsonNode url = present(givenUrl);
    if (url == null) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD,
          urlAt,
          urlAt + " is missing (expected: an http, https or data URL).");
    }
    if (!url.isString()) {
      throw ApiException.of(
          ErrorCode.INVALID_TYPE,
          urlAt,
          urlAt + ": " + RecordShape.shown(url) + " (expected: an http, https or data URL).");
    }
    JsonNode detail = present(givenDetail);
    if (detail != null && !DETAILS.contains(detail.asString(""))) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          detailAt,
          detailAt + ": " + RecordShape.shown(detail) + " (expected: one of auto, low, high).");
    }
    fields.add(urlAt);
    return new Item.Part.Image(
        url.stringValue(), Optional.ofNullable(detail).map(JsonNode::stringValue));
  }

  private static @Nullable JsonNode present(@Nullable JsonNode node) {
    return node == null || node.isNull() ? null : node;
  }
}
