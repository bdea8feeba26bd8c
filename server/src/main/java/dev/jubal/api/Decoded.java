package dev.jubal.api;

import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.SchemaPlace;
import dev.jubal.inference.sight.PictureRefused;
import dev.jubal.platform.error.ApiException;
import java.util.List;
import java.util.Map;

/**
 * A request of a dialect, read.
 *
 * @param ignored names of fields that have no effect, for {@code x-jubal-ignored}
 * @param fields what the dialect calls the fields that hold schemas
 * @param names what the dialect calls parameters, where it is not the name that chat has for them
 * @param pictures the fields that hold the pictures, in order
 */
public record Decoded(
    GenerationRequest request,
    List<String> ignored,
    SchemaFields fields,
    Map<String, String> names,
    List<String> pictures) {

  /** Of a dialect whose parameters have the names of chat. */
  public Decoded(GenerationRequest request, List<String> ignored, SchemaFields fields) {
    this(request, ignored, fields, Map.of(), List.of());
  }

  /** Of a dialect that does not say where its pictures stand. */
  public Decoded(
      GenerationRequest request,
      List<String> ignored,
      SchemaFields fields,
      Map<String, String> names) {
    this(request, ignored, fields, names, List.of());
  }

  /**
   * What a dialect calls the fields that hold schemas.
   *
   * @param format path of the answer's schema
   * @param parameters what follows {@code tools[i]} in the path of a function's schema
   */
  public record SchemaFields(String format, String parameters) {
    /** Of a dialect that has none. */
    public static final SchemaFields NONE = new SchemaFields("", "");

    private String path(SchemaPlace place) {
      return switch (place) {
        case SchemaPlace.Format _ -> format;
        case SchemaPlace.Parameters p -> "tools[" + p.index() + "]" + parameters;
      };
    }
  }

  /** The same error, in the words of the dialect. */
  ApiException named(ApiException error) {
    if (error.getCause() instanceof BackendFailure.RejectedForm form) {
      String path = fields.path(form.place());
      return new ApiException(
          error.code(), path + form.pointer() + ": " + error.text(), path, null, form);
    }
    if (error.getCause() instanceof PictureRefused refused
        && refused.fromEnd() <= pictures.size()) {
      String field = pictures.get(pictures.size() - refused.fromEnd());
      return new ApiException(error.code(), field + ": " + error.text(), field, null, refused);
    }
    String chat = error.param().orElse("");
    String own = name(chat);
    return own.equals(chat)
        ? error
        : new ApiException(error.code(), error.text().replace(chat, own), own, null, error);
  }

  /** What the dialect calls a parameter that chat calls so. */
  String name(String chat) {
    return names.getOrDefault(chat, chat);
  }
}
