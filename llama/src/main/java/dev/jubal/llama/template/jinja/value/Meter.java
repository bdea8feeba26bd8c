package dev.jubal.llama.template.jinja.value;

import dev.jubal.llama.template.jinja.value.TemplateException.Kind;

/** What one rendering has cost so far. Not thread-safe: one meter, one rendering. */
public final class Meter {
  private static final int CHARACTERS_A_STEP = 64;

  private final Limits limits;
  private long steps;
  private int depth;

  public Meter(Limits limits) {
    this.limits = limits;
  }

  /** One operation. */
  public void step() {
    steps(1);
  }

  /** Some operations at once. */
  public void steps(long count) {
    steps += count;
    if (steps > limits.steps()) {
      throw exceeded("steps", limits.steps());
    }
  }

  /** So many characters are written or searched. */
  public void text(long characters) {
    length(characters);
    steps(characters / CHARACTERS_A_STEP);
  }

  /** A text has so many characters. */
  void length(long characters) {
    if (characters > limits.text()) {
      throw exceeded("characters", limits.text());
    }
  }

  /** A list of so many elements is made. */
  public void items(long count) {
    if (count > limits.items()) {
      throw exceeded("elements of a list", limits.items());
    }
    steps(count);
  }

  /** One level deeper; {@link #leave} must follow. */
  public void enter() {
    if (++depth > limits.depth()) {
      throw exceeded("levels of calls or values", limits.depth());
    }
  }

  public void leave() {
    depth--;
  }

  private static TemplateException exceeded(String what, long most) {
    return new TemplateException(Kind.LIMIT, "the template needs more than " + most + " " + what);
  }
}
