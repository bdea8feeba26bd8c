package dev.jubal.llama.constraint;

import org.jspecify.annotations.Nullable;

/**
 * Everywhere a text may be in its form at once: the state of the automaton after some text. Equal
 * sets of one {@link Tables} are the same object; what follows from a set is found out when first
 * asked and kept.
 */
final class ConfigSet {
  private static final int UNKNOWN = -2;

  final Tables home;
  final int[] configs;
  final boolean accepts;
  ConfigSet @Nullable [] next;
  long @Nullable [] mask;
  long @Nullable [] octets;
  private int only = UNKNOWN;

  ConfigSet(Tables home, int[] configs, boolean accepts) {
    this.home = home;
    this.configs = configs;
    this.accepts = accepts;
  }

  /** Whether nothing can follow and the text may not end: there is no such place in the form. */
  boolean dead() {
    return configs.length == 0 && !accepts;
  }

  /** The only byte that may follow, or -1; end of text not considered. */
  int only(Machine machine) {
    if (only == UNKNOWN) {
      only = machine.only(this);
    }
    return only;
  }
}
