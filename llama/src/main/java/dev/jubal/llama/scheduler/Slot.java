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
  private int judged;
  private int few;
  private int many;
  private long lastUse;
  private int shared;
  private int returns;
  private long lastReturn;
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

  int capacity() {
    return tokens.length;
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

  /**
   * Notes how the tokens appended since the last time are computed, as that decides the last bits
   * of their memory: see {@link DecodeLoop}.
   *
   * @param alone whether no other slot has tokens in the step
   */
  void computed(boolean alone) {
    int count = length - judged;
    if (count < Step.MANY && few == judged) {
      few = length;
    } else if (count >= Step.MANY && count <= Step.PREFILL && alone && many == judged) {
      many = length;
    }
    judged = length;
  }

  void cut(int to) {
    length = to;
    judged = Math.min(judged, to);
    few = Math.min(few, to);
    many = Math.min(many, to);
    if (to < shared) { // what prompts came back for is gone
      shared = to;
    }
    if (to == 0) {
      returns = 0;
    }
  }

  /** Holds a prefix that was kept on disk. */
  void restore(int[] prefix, int returned) {
    System.arraycopy(prefix, 0, tokens, 0, prefix.length);
    length = prefix.length;
    judged = length;
    shared = prefix.length;
    returns = returned;
  }

  /** The tokens whose memory it holds. */
  int[] tokens() {
    return Arrays.copyOf(tokens, length);
  }

  /** A prompt came back for the first tokens of this slot. */
  void reused(int tokens, long use) {
    shared = shared == 0 ? tokens : Math.min(shared, tokens);
    returns++;
    lastReturn = use;
  }

  /** How many tokens at its beginning every prompt that came back had in common. */
  int shared() {
    return shared;
  }

  /** How often a prompt came back for its beginning. */
  int returns() {
    return returns;
  }

  /** When the last one did, as {@link #lastUse}. */
  long lastReturn() {
    return lastReturn;
  }

  void copy(Slot other) {
    System.arraycopy(other.tokens, 0, tokens, 0, other.length);
    length = other.length;
    judged = other.judged;
    few = other.few;
    many = other.many;
    shared = other.shared;
    returns = other.returns;
    lastReturn = other.lastReturn;
  }

  /** How many tokens at its beginning another slot holds too. */
  int common(Slot other) {
    int most = Math.min(length, other.length);
    int differs = Arrays.mismatch(tokens, 0, most, other.tokens, 0, most);
    return differs < 0 ? most : differs;
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

  /**
   * How many tokens a choice need not compute of its prompt. A repeatable one takes only what was
   * computed as it would itself, and leaves as much as it must compute at once.
   */
  int useful(Choice choice) {
    int[] prompt = choice.generation.prompt();
    int common = common(prompt);
    if (!choice.repeatable()) {
      return common;
    }
    return prompt.length < Step.MANY
        ? Math.min(common, few)
        : Math.min(Math.min(common, many), prompt.length - Step.MANY);
  }

  /** How many tokens this slot holds of a prompt; its last one must be computed in any case. */
  int common(int[] prompt) {
    int most = Math.min(length, prompt.length - 1);
    int differs = Arrays.mismatch(tokens, 0, most, prompt, 0, most);
    return differs < 0 ? most : differs;
  }
}
