package dev.jubal.platform.net;

/**
 * A request to a caller's address that was not made or brought nothing. The message is for the
 * caller: it names neither addresses that a name resolves to nor anything that was read.
 */
public final class FetchFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** Why. */
  public enum Kind {
    /** No URL that may be asked: its form, scheme, port or credentials. */
    BAD_URL,
    /** It leads to an address that is not public. */
    FORBIDDEN,
    /** The host has no address. */
    UNRESOLVED,
    /** No connection, or one that broke or whose certificate is not the host's. */
    UNREACHABLE,
    /** It took too long. */
    TIMEOUT,
    /** There is more than was asked for. */
    TOO_LARGE,
    /** An answer that is none: a status, a redirect too many, a type that was not asked for. */
    BAD_ANSWER,
    /** Too many such requests run now. */
    BUSY
  }

  FetchFailure(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** The text for the caller. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
