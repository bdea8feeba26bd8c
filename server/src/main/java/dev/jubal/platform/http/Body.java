package dev.jubal.platform.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a body until they are taken. Whatever still refers to the body then, such as the
 * frames below a running handler, no longer keeps the bytes: with many large prompts in flight they
 * would double the memory. Taken by one thread, after it was made by another.
 */
final class Body {
  private byte @Nullable [] bytes;

  Body(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The bytes, once. */
  byte[] take() {
    byte[] taken = Objects.requireNonNull(bytes, "the body was taken before");
    bytes = null;
    return taken;
  }
}
