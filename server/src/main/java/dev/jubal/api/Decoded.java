package dev.jubal.api;

import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.SchemaPlace;
import dev.jubal.platform.error.ApiException;
import java.util.List;

/**
 * A request of a dialect, read.
 *
 * @param ignored names of fields that have no effect, for {@code x-jubal-ignored}
 * @param fields what the dialect calls the fields that hold schemas
 */
public record Decoded(GenerationRequest request, List<String> ignored, SchemaFields fields) {

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
    if (!(error.getCause() instanceof BackendFailure.RejectedForm form)) {
      return error;
    }
    String path = fields.path(form.place());
    return new ApiException(
        error.code(), path + form.pointer() + ": " + error.text(), path, null, form);
  }
}
