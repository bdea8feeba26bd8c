package dev.jubal.inference.sight;

/** A picture that is not taken; the message says what it is and what was expected. */
final class BadPicture extends Exception {
  private static final long serialVersionUID = 1L;

  BadPicture(String message) {
    super(message, null, false, false);
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
