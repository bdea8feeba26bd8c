package dev.jubal.llama.gguf;

import java.io.IOException;

/** A file is no GGUF file, or a damaged one. */
public final class GgufFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  GgufFormatException(String message) {
    super(message);
  }
}
