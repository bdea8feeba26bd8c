package dev.jubal.llama.scheduler;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of the context: the tokens its key-value memory holds, and the choice that runs in it.
 * What an ended choice leaves behind stays, as the prefix of a later prompt.
 */
final class Slot {
  final int sequence;
  private final int[] tokens;
  private int length;
  private long lastUse;
  private @Nullable Choice choice;

  Slot(int sequence, int capacity) {
    this.sequence = sequence;
    this.tokens = new int[capacity];
  }

  @Nullable Choice choice() {
    return choice;
  }

  boolean free() {
    return choice == null;
  }

  int length() {
    return length;
  }

  long lastUse() {
    return lastUse;
  }

  void occupy(Choice by, long use) {
    choice = by;
    lastUse = use;
  }

  void release() {
    choice = null;
  }

  /** How many more tokens it can hold. */
  int room() {
    return tokens.length - length;
  }

  void append(int token) {
    tokens[length++] = token;
  }

  void cut(int to) {
    length = to;
  }

  void copy(Slot other) {
    System.arraycopy(other.tokens, 0, tokens, 0, other.length);
    length = other.length;
  }

  /** Guesses what comes after the tokens it holds. */
  void look(Foresight foresight) {
    foresight.look(tokens, length);
  }

  /** How many of its tokens are those of its choice, at least {@code from}. */
  int agrees(Choice of, int from) {
    int end = Math.min(length, of.known());
    int at = from;
    while (at < end && tokens[at] == of.token(at)) {
      at++;
    }
    return at;
  }

  /** How many tokens this slot holds of a prompt; its last one must be computed in any case. */
  int common(int[] prompt) {
    int most = Math.min(length, prompt.length - 1);
    int differs = Arrays.mismatch(tokens, 0, most, prompt, 0, most);
    return differs < 0 ? most : differs;
  }
}
