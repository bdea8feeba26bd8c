package dev.jubal.platform.artifact;

import java.util.Objects;

/** A file could not be fetched; nothing was put in place. The message is for the operator. */
public final class ArtifactException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds a caller tells apart. */
  public enum Kind {
    /** The network may not be used. */
    OFFLINE,
    /** There is no such file, or it may not be read. */
    UNAVAILABLE,
    /** What came is not what was pinned. */
    WRONG_HASH,
    /** The disk is full, or cannot be written. */
    DISK,
    /** The download broke off. */
    BROKEN,
    /** The user's own client (npm, pip) is missing or failed. */
    CLIENT,
    /** The source does not take such a reference, or gives no hash to check. */
    REFUSED
  }

  private final Kind kind;

  public ArtifactException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ArtifactException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Never null: the constructors take one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  public Kind kind() {
    return kind;
  }
}
