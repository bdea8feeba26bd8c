package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Session;

/**
 * What a feature keeps of a request, such as a stored response: written in the transaction of its
 * settlement, or of its admission, so that there is never one without the other.
 */
@FunctionalInterface
public interface Companion {
  /** Nothing to keep. */
  Companion NONE = session -> {};

  /** One that writes what both do. */
  static Companion both(Companion one, Companion other) {
    if (one.equals(NONE)) {
      return other;
    }
    return other.equals(NONE)
        ? one
        : session -> {
          one.write(session);
          other.write(session);
        };
  }

  /** Writes it. Runs on the ledger's thread: no work here but statements. */
  void write(Session session);
}
