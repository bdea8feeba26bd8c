package dev.jubal.inference.embedding;

import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.time.Cancellation;
import java.nio.charset.StandardCharsets;
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

  /**
   * How many tokens {@link #embed} would read, at most.
   *
   * @throws BackendFailure as it would throw for these texts
   */
  default long promptTokens(List<Text> inputs, Model model) {
    long window = weights(model).contextTokens();
    return inputs.stream().mapToLong(t -> Math.min(window, mostTokens(t, window))).sum();
  }

  /** No token stands for less than a byte, but for the two that frame a text. */
  private static long mostTokens(Text text, long window) {
    return switch (text) {
      case Text.Plain plain -> 2L + plain.text().getBytes(StandardCharsets.UTF_8).length;
      case Text.Tokens _ -> window; // another vocabulary may need more for the same text
    };
  }

  /** Whether {@link #promptTokens} is what will be read, and no upper bound. */
  default boolean counts() {
    return false;
  }

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
