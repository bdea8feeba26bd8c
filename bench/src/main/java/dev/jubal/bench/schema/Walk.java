package dev.jubal.bench.schema;

import dev.jubal.llama.constraint.Matcher;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Draws answers at random: every legal token is as likely as any other. */
final class Walk {
  private static final int MOST_TOKENS = 120;

  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final Random random;
  private final IntFunction<byte[]> pieces;
  private final IntPredicate ends;

  /**
   * @param ends whether a token ends a text
   */
  Walk(Random random, IntFunction<byte[]> pieces, IntPredicate ends) {
    this.random = random;
    this.pieces = pieces;
    this.ends = ends;
  }

  /** A text of the form, completed the shortest way when it grows long; empty for a dead end. */
  Optional<String> draw(Matcher matcher) {
    text.reset();
    for (int i = 0; i < MOST_TOKENS; i++) {
      if (matcher.complete() || (matcher.mayEnd() && random.nextInt(3) == 0)) {
        return Optional.of(text.toString(StandardCharsets.UTF_8));
      }
      int token = pick(matcher.mask(), matcher.mayEnd());
      if (token < 0 || !matcher.advance(token)) {
        return Optional.empty();
      }
      text.writeBytes(pieces.apply(token));
    }
    try {
      text.writeBytes(matcher.shortest());
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
    return Optional.of(text.toString(StandardCharsets.UTF_8));
  }

  /** What was drawn last, as far as it came. */
  String last() {
    return text.toString(StandardCharsets.UTF_8);
  }

  private int pick(long[] mask, boolean mayEnd) {
    int count = 0;
    for (long word : mask) {
      count += Long.bitCount(word);
    }
    if (count == 0) {
      return -1;
    }
    for (int attempt = 0; attempt < 100; attempt++) {
      int nth = random.nextInt(count);
      int token = nth(mask, nth);
      if (!mayEnd || !ends.test(token)) {
        return token;
      }
    }
    return -1;
  }

  private static int nth(long[] mask, int nth) {
    int left = nth;
    for (int word = 0; word < mask.length; word++) {
      int bits = Long.bitCount(mask[word]);
      if (left >= bits) {
        left -= bits;
        continue;
      }
      long rest = mask[word];
      for (; left > 0; left--) {
        rest &= rest - 1;
      }
      return (word << 6) + Long.numberOfTrailingZeros(rest);
    }
    throw new IllegalStateException("bit " + nth + " (expected: one that is set)");
  }
}
