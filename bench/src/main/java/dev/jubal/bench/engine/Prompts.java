package dev.jubal.bench.engine;

import dev.jubal.llama.Engine;
import dev.jubal.llama.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Prompts of a fixed number of tokens that share a beginning of about twenty and nothing after it,
 * so that no run finds the rest of its prefix cached.
 */
public final class Prompts {
  private static final String SHARED =
      "Please read these words with care and then tell me what you think about each of them:";
  private static final String[] WORDS =
      ("river stone bridge winter garden letter music window paper silver mountain forest table "
              + "morning evening captain village harbor lantern orchard kitchen blanket ladder "
              + "market station teacher doctor farmer sailor painter")
          .split(" ");

  private final Engine engine;
  private final int tokens;
  private final Random random;

  /** Prompts of {@code tokens} tokens, counted by an engine, drawn with a seed. */
  public Prompts(Engine engine, int tokens, long seed) {
    this.engine = engine;
    this.tokens = tokens;
    this.random = new Random(seed);
  }

  /** New prompts, never given before. */
  public List<String> next(int count) {
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(grown(new StringBuilder(SHARED), tokens));
    }
    return prompts;
  }

  /** New prompts that have their first {@code shared} tokens in common, and no more. */
  public List<String> sharing(int shared, int count) {
    String start = grown(new StringBuilder(SHARED), shared);
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(grown(new StringBuilder(start), tokens));
    }
    return prompts;
  }

  private String grown(StringBuilder text, int wanted) {
    int length = length(text);
    while (length < wanted) {
      // the words are one token each, nearly always: few counts suffice
      for (int i = Math.max(1, (wanted - length) * 9 / 10); i > 0; i--) {
        text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
      }
      int longer = length(text);
      while (longer > wanted) {
        text.setLength(text.lastIndexOf(" "));
        longer = length(text);
      }
      length = longer;
    }
    return text.toString();
  }

  private int length(StringBuilder text) {
    return engine.tokenize(List.of(new Segment(text.toString(), false))).length;
  }
}
