package dev.jubal.llama.template.jinja.value;

import java.util.Arrays;

/** Joins texts, and keeps what each remembers of where it came from. */
public final class TextBuilder {
  private final Meter meter;
  private final StringBuilder string = new StringBuilder();
  private int[] cuts = new int[4];
  private int count;

  public TextBuilder(Meter meter) {
    this.meter = meter;
  }

  /** Adds a text. */
  public TextBuilder add(Text text) {
    return add(text, 0, text.string().length());
  }

  /** Adds a text of the template. */
  public TextBuilder add(String literal) {
    charge(literal.length());
    trust(true);
    string.append(literal);
    return this;
  }

  /** Adds the part of a text between two UTF-16 offsets. */
  TextBuilder add(Text text, int from, int to) {
    if (from >= to) {
      return this;
    }
    charge(to - from);
    int[] flips = text.cuts();
    int next = 0;
    while (next < flips.length && flips[next] <= from) {
      next++;
    }
    trust((next & 1) == 0);
    int shift = string.length() - from;
    while (next < flips.length && flips[next] < to) {
      flip(flips[next++] + shift);
    }
    string.append(text.string(), from, to);
    return this;
  }

  private void charge(int added) {
    meter.text(added);
    meter.length((long) string.length() + added);
  }

  private void trust(boolean trusted) {
    if (((count & 1) == 0) != trusted) {
      flip(string.length());
    }
  }

  /** Two flips at one place are none. */
  private void flip(int place) {
    if (count > 0 && cuts[count - 1] == place) {
      count--;
      return;
    }
    if (count == cuts.length) {
      cuts = Arrays.copyOf(cuts, 2 * count);
    }
    cuts[count++] = place;
  }

  public Text build() {
    return Text.of(string.toString(), Arrays.copyOf(cuts, count));
  }
}
