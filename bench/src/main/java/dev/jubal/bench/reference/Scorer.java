package dev.jubal.bench.reference;

import dev.jubal.llama.binding.Batch;
import dev.jubal.llama.binding.Context;
import dev.jubal.llama.binding.Library;
import dev.jubal.llama.binding.Model;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How surprised some weights are by a text, token by token, and how fast they compute; in this
 * process, by the binding alone.
 */
final class Scorer {
  /** Tokens of a stretch of text; each is read from an empty memory. */
  static final int STRETCH = 512;

  /** The first tokens of a stretch have too little before them to say much. */
  private static final int FIRST = 32;

  private static final int DECODED = 96;
  private static final int ROOM = STRETCH + DECODED + 32;

  private final Library library;
  private final int threads;

  Scorer(Library library, int threads) {
    this.library = library;
    this.threads = threads;
  }

  /**
   * What was found out.
   *
   * @param surprise the negative logarithm of each token's probability, in nats, in the text's
   *     order
   * @param firstMillis to read 511 tokens
   * @param alone tokens a second of one stream
   * @param together tokens a second of as many streams as there are stretches
   */
  record Score(double[] surprise, double firstMillis, double alone, double together) {
    double perplexity() {
      return Math.exp(Arrays.stream(surprise).average().orElseThrow());
    }
  }

  /**
   * Reads the beginning of a text.
   *
   * @param most how many stretches at most
   */
  Score score(Path weights, String text, int most) throws IOException {
    try (Model model = Model.load(library, weights, "cpu")) {
      int[] tokens = model.vocabulary().tokenize(text, false);
      int stretches = Math.min(most, tokens.length / STRETCH);
      if (stretches == 0) {
        throw new IOException("text: " + tokens.length + " tokens (expected: >= " + STRETCH + ").");
      }
      try (Context context = model.context(stretches, ROOM, threads)) {
        Batch batch = context.batch(STRETCH, stretches);
        return new Work(context, batch, tokens, stretches, model.vocabulary().size()).run();
      }
    }
  }

  /** One text through one context. */
  private record Work(Context context, Batch batch, int[] tokens, int stretches, int vocabulary) {

    Score run() throws IOException {
      double[] surprise = new double[stretches * (STRETCH - 1 - FIRST)];
      long nanos = 0;
      for (int position = 0; position < STRETCH - 1; position++) {
        nanos += step(position);
        if (position >= FIRST) {
          for (int s = 0; s < stretches; s++) {
            int next = tokens[s * STRETCH + position + 1];
            surprise[s * (STRETCH - 1 - FIRST) + position - FIRST] = surprise(s, next);
          }
        }
      }
      double together = (double) stretches * (STRETCH - 1) * 1e9 / nanos;
      double first = prefill();
      return new Score(surprise, first, alone(), together);
    }

    private long step(int position) throws IOException {
      batch.clear();
      for (int s = 0; s < stretches; s++) {
        batch.add(tokens[s * STRETCH + position], position, s, true);
      }
      return decode();
    }

    private double surprise(int index, int token) {
      MemorySegment row = context.logits(index);
      float most = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < vocabulary; i++) {
        most = Math.max(most, row.getAtIndex(ValueLayout.JAVA_FLOAT, i));
      }
      double sum = 0;
      for (int i = 0; i < vocabulary; i++) {
        sum += Math.exp(row.getAtIndex(ValueLayout.JAVA_FLOAT, i) - most);
      }
      return most + Math.log(sum) - row.getAtIndex(ValueLayout.JAVA_FLOAT, token);
    }

    /** The better of two: what disturbs a run only makes it slower. */
    private double prefill() throws IOException {
      double best = Double.MAX_VALUE;
      for (int i = 0; i < 2; i++) {
        context.removeFrom(0, 0);
        batch.clear();
        for (int p = 0; p < STRETCH - 1; p++) {
          batch.add(tokens[p], p, 0, p == STRETCH - 2);
        }
        best = Math.min(best, decode() / 1e6);
      }
      return best;
    }

    private double alone() throws IOException {
      long nanos = 0;
      for (int i = 0; i < DECODED; i++) {
        batch.clear();
        batch.add(tokens[i], STRETCH - 1 + i, 0, true);
        nanos += decode();
      }
      return DECODED * 1e9 / nanos;
    }

    private long decode() throws IOException {
      long begin = System.nanoTime();
      int code = context.decode(batch);
      // the library may still compute until its result is asked for
      context.logits(batch.size() - 1);
      long nanos = System.nanoTime() - begin;
      if (code != 0) {
        throw new IOException("decoding ended with " + code + " (expected: 0).");
      }
      return nanos;
    }
  }
}
