package dev.jubal.backend.onnx;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.jubal.inference.BackendFailure;
import java.util.List;

/**
 * Token ids of another vocabulary, back to text. Some clients (LangChain) cut a text into cl100k
 * ids themselves, whatever the model.
 */
final class TokenIds {
  private final EncodingRegistry registry = Encodings.newLazyEncodingRegistry();

  /**
   * The text of some ids.
   *
   * @param param the field they came in
   */
  String text(List<Integer> ids, String encoding, String param) {
    Encoding known =
        registry
            .getEncoding(encoding)
            .orElseThrow(
                () ->
                    new BackendFailure.Unavailable(
                        "The catalogue names the encoding "
                            + encoding
                            + " (expected: one such as cl100k_base)."));
    IntArrayList list = new IntArrayList(ids.size());
    ids.forEach(list::add);
    try {
      return known.decode(list);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new BackendFailure.Rejected(
          param, param + ": not every id is one of " + encoding + " (expected: its token ids).");
    }
  }
}
