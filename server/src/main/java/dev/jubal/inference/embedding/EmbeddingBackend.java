package dev.jubal.inference.embedding;

import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.time.Cancellation;
import java.util.List;

/** A way to turn texts into vectors. Thread-safe. */
public interface EmbeddingBackend extends AutoCloseable {

  /**
   * The vectors of some texts, in order, each of unit length. When {@code cancel} fires it stops at
   * once and returns what it has, with the tokens read so far.
   *
   * @throws BackendFailure.PromptTooLong when a text is over the window, with both counts; nothing
   *     was computed then
   */
  Embeddings embed(List<Text> inputs, Model model, Cancellation cancel);

  /** What is known about the weights behind a name. */
  Backend.Weights weights(Model model);

  /** Length of a full vector. */
  int dimensions(Model model);

  @Override
  void close();

  /** A text, or the ids of its tokens in the encoding the catalogue row names. */
  sealed interface Text {
    /** Plain text. */
    record Plain(String text) implements Text {}

    /** Token ids. */
    record Tokens(List<Integer> ids) implements Text {
      public Tokens {
        ids = List.copyOf(ids);
      }
    }
  }

  /** Vectors, and the tokens that were read for them. */
  record Embeddings(List<float[]> vectors, long promptTokens) {}
}
