package dev.jubal.llama;

/** Why an engine could not do, or could not finish, a piece of work. */
public final class EngineFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds a caller treats differently. */
  public enum Kind {
    /** The prompt, with room for one token, is longer than the context of a slot. */
    PROMPT_TOO_LONG,
    /** The output form cannot be enforced, by anyone or with this model's vocabulary. */
    FORM_REFUSED,
    /** The engine's queue is full, or the request waited longer than its limit. */
    OVERLOADED,
    /** The worker died or stopped answering while the request was running. */
    CRASHED,
    /** The model file is damaged, of an unknown kind, or does not fit into memory. */
    LOAD_FAILED,
    /** The engine was closed. */
    CLOSED,
    /** The engine refused an argument, or the library reported an error. */
    INTERNAL
  }

  private final Kind kind;

  public EngineFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
