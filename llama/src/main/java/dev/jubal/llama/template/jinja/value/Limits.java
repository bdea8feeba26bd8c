package dev.jubal.llama.template.jinja.value;

/**
 * How much one rendering may cost. Only counts, no clock: what a template gives never depends on
 * how busy the machine is.
 *
 * @param steps most operations; 64 characters copied count as one. A step takes some 100 ns
 * @param text most characters of the output and of any text on the way
 * @param items most elements of any list on the way, and most of a range
 * @param depth most macros and recursive loops within each other, and most levels of a value
 */
public record Limits(long steps, int text, int items, int depth) {
  /** Far more than any conversation needs; at most some seconds. */
  public static final Limits DEFAULT = new Limits(10_000_000, 64 << 20, 1_000_000, 200);
}
