package dev.jubal.inference.sight;

/** What came of reading the text of a picture. */
sealed interface Reading {
  /** This, possibly nothing; untrusted. */
  record Text(String text) implements Reading {}

  /** There is nothing to read with. */
  record NotInstalled() implements Reading {}

  /** The operator turned it off. */
  record Off() implements Reading {}

  /** It did not work out, for a reason in few words. */
  record Failed(String why) implements Reading {}

  /** One word for a metric. */
  default String outcome() {
    return switch (this) {
      case Text t -> t.text.isBlank() ? "nothing" : "text";
      case NotInstalled _ -> "not_installed";
      case Off _ -> "off";
      case Failed _ -> "failed";
    };
  }
}
