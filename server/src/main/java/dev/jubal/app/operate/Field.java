package dev.jubal.app.operate;

import java.util.Optional;

/**
 * A value of a thing.
 *
 * @param initial its canonical text for a thing that is made without it; empty: it has to be given
 * @param names whether it is part of what tells a thing from others of its list
 */
record Field(String name, Form form, Optional<String> initial, boolean names) {
  static Field naming(String name, Form form) {
    return new Field(name, form, Optional.empty(), true);
  }

  static Field naming(String name, Form form, String initial) {
    return new Field(name, form, Optional.of(initial), true);
  }

  static Field of(String name, Form form, String initial) {
    return new Field(name, form, Optional.of(initial), false);
  }

  static Field needed(String name, Form form) {
    return new Field(name, form, Optional.empty(), false);
  }

  /** Whether it is read and never written: secrets. */
  boolean hidden() {
    return form.kind() == Form.Kind.HIDDEN;
  }
}
