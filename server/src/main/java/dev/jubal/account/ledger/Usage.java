package dev.jubal.account.ledger;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one request used.
 *
 * @param prompt tokens the model read, template included, cached, image and audio tokens inside
 * @param cached those of the prompt that a cache already held
 * @param image those of the prompt that stand for pictures
 * @param completion visible tokens written, reasoning not among them
 * @param reasoning tokens of hidden thought
 * @param units what else, by name, each above 0: {@value #AUDIO} are tokens of the prompt that
 *     stand for sound; {@code tool:NAME} calls of a tool of the server; {@code media:NAME} pieces
 *     of media, such as pictures or seconds
 * @param longest tokens of the longest single prompt, where the model was asked more than once; 0
 *     says that all of {@code prompt} was one
 */
public record Usage(
    long prompt,
    long cached,
    long image,
    long completion,
    long reasoning,
    Map<String, Long> units,
    long longest) {
  /** Tokens of the prompt that stand for sound. */
  public static final String AUDIO = "audio";

  private static final Pattern UNIT = Pattern.compile("(tool|media):[a-z0-9][a-z0-9_.:-]{0,57}");

  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  public Usage {
    units = checked(units);
    longest = longest == 0 ? prompt : longest;
    long audio = units.getOrDefault(AUDIO, 0L);
    if (prompt < 0
        || cached < 0
        || image < 0
        || completion < 0
        || reasoning < 0
        || longest < 0
        || longest > prompt
        || cached > prompt
        || image + audio > prompt) {
      throw new IllegalArgumentException(
          "usage "
              + prompt
              + "/"
              + cached
              + "/"
              + image
              + "/"
              + completion
              + "/"
              + reasoning
              + "/"
              + units
              + "/"
              + longest
              + " (expected: nothing negative, cached <= prompt, image + audio <= prompt, longest"
              + " <= prompt)");
    }
  }

  /** Of one prompt. */
  public Usage(
      long prompt,
      long cached,
      long image,
      long completion,
      long reasoning,
      Map<String, Long> units) {
    this(prompt, cached, image, completion, reasoning, units, 0);
  }

  /** Of text and pictures. */
  public Usage(long prompt, long cached, long image, long completion, long reasoning) {
    this(prompt, cached, image, completion, reasoning, Map.of());
  }

  /** Whether a price can name it, besides the tokens: a tool's calls, or pieces of media. */
  public static boolean isUnit(String name) {
    return UNIT.matcher(name).matches();
  }

  /** Rows of earlier versions have none. */
  private static Map<String, Long> checked(@Nullable Map<String, Long> units) {
    if (units == null || units.isEmpty()) {
      return Map.of();
    }
    units.forEach(
        (name, count) -> {
          if (count <= 0 || !(name.equals(AUDIO) || isUnit(name))) {
            throw new IllegalArgumentException(
                "unit "
                    + name
                    + ": "
                    + count
                    + " (expected: audio, tool:NAME or media:NAME, above 0)");
          }
        });
    return Map.copyOf(units);
  }

  public static Usage of(long prompt, long cached, long completion) {
    return new Usage(prompt, cached, 0, completion, 0);
  }

  /** Tokens of the prompt that stand for sound. */
  public long audio() {
    return units.getOrDefault(AUDIO, 0L);
  }

  /** The same, with other units. */
  public Usage with(Map<String, Long> others) {
    return new Usage(prompt, cached, image, completion, reasoning, others, longest);
  }

  /** Both together, as when one request takes two attempts: each has a prompt of its own. */
  public Usage plus(Usage other) {
    return new Usage(
        prompt + other.prompt,
        cached + other.cached,
        image + other.image,
        completion + other.completion,
        reasoning + other.reasoning,
        plus(units, other.units),
        Math.max(longest, other.longest));
  }

  private static Map<String, Long> plus(Map<String, Long> a, Map<String, Long> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    Map<String, Long> sum = new TreeMap<>(a);
    b.forEach((name, count) -> sum.merge(name, count, Math::addExact));
    return sum;
  }

  /** Prompt, completion and reasoning together. */
  public long total() {
    return prompt + completion + reasoning;
  }
}
