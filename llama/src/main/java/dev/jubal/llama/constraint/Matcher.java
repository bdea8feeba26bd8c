package dev.jubal.llama.constraint;

/**
 * Follows one choice through its output form. Owned by one thread at a time.
 *
 * <p>There is never a dead end: where the choice may not end, at least one token is legal.
 */
public interface Matcher {

  /** Takes a token; false, and nothing changes, if it is not legal here. */
  boolean advance(int token);

  /** Whether the choice may end here: the end-of-text tokens are legal. */
  boolean mayEnd();

  /** Whether nothing but the end may follow. */
  boolean complete();

  /**
   * The legal tokens here, one bit each, end-of-text tokens included: bit {@code t & 63} of word
   * {@code t >> 6}. Shared and cached: read only, valid until the next {@link #advance}.
   */
  long[] mask();

  /**
   * The bytes that must come next whatever the model says, empty if the model has a choice. Never
   * past the end of the form; the last byte may lie inside a character.
   */
  byte[] forced();

  /**
   * Few bytes after which the choice may end, the fewest where no key or item stands in the way:
   * what a soft landing writes. Empty if it may end here, and if the end is farther than is looked.
   */
  byte[] shortest();

  /** A matcher in the same state that goes its own way, for drafts and further choices. */
  Matcher copy();
}
