package dev.jubal.platform.sql;

import org.jspecify.annotations.Nullable;

/** The database cannot be used; the message is for the operator. */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DatabaseException(String message) {
    super(message);
  }

  public DatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
