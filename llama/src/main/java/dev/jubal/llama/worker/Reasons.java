package dev.jubal.llama.worker;

import dev.jubal.llama.EngineFailure;

/** Failures as the two words that cross the socket. */
final class Reasons {
  private Reasons() {}

  static EngineFailure.Kind kind(Throwable failure) {
    return failure instanceof EngineFailure known ? known.kind() : EngineFailure.Kind.INTERNAL;
  }

  static String of(Throwable failure) {
    String message = failure.getMessage();
    return failure instanceof EngineFailure && message != null ? message : failure.toString();
  }

  static String versions(int worker, int server) {
    return "worker speaks version %d, its server %d: restart the server".formatted(worker, server);
  }
}
