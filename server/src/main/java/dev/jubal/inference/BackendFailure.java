package dev.jubal.inference;

import java.time.Duration;

/** Why a backend could not answer. Seen by {@link Router} alone, which makes an error of it. */
public abstract sealed class BackendFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BackendFailure(String message) {
    super(message);
  }

  /** No room now. */
  public static final class Overloaded extends BackendFailure {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    public Overloaded(String message, Duration retryAfter) {
      super(message);
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** The prompt does not fit; the message has both counts. */
  public static final class PromptTooLong extends BackendFailure {
    private static final long serialVersionUID = 1L;

    public PromptTooLong(String message) {
      super(message);
    }
  }

  /** The backend refuses a value of the request, which would be refused again. */
  public static final class Rejected extends BackendFailure {
    private static final long serialVersionUID = 1L;
    private final String param;

    public Rejected(String param, String message) {
      super(message);
      this.param = param;
    }

    public String param() {
      return param;
    }
  }

  /**
   * The backend refuses a schema of the request: it is none, it cannot be enforced, or it is too
   * large. A dialect puts its own name of the place before the message.
   */
  public static final class RejectedForm extends BackendFailure {
    private static final long serialVersionUID = 1L;
    private final SchemaPlace place;
    private final String pointer;
    private final String keyword;

    /**
     * A refusal.
     *
     * @param place the schema
     * @param pointer what inside of it, as a JSON pointer; empty for the whole
     * @param keyword the keyword that is to blame, or empty
     * @param message what is wrong and what was expected, without the place
     */
    public RejectedForm(SchemaPlace place, String pointer, String keyword, String message) {
      super(message);
      this.place = place;
      this.pointer = pointer;
      this.keyword = keyword;
    }

    public SchemaPlace place() {
      return place;
    }

    public String pointer() {
      return pointer;
    }

    public String keyword() {
      return keyword;
    }
  }

  /** The backend cannot be reached or cannot load the model. */
  public static final class Unavailable extends BackendFailure {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message) {
      super(message);
    }
  }

  /** The backend broke while it worked. */
  public static final class Broken extends BackendFailure {
    private static final long serialVersionUID = 1L;

    public Broken(String message) {
      super(message);
    }
  }
}
