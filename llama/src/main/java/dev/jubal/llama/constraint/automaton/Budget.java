package dev.jubal.llama.constraint.automaton;

import java.util.HashSet;
import java.util.Set;

/**
 * What one compilation may cost. Counts steps and bytes instead of time: the same input is refused
 * on every machine, busy or idle. Owned by one thread.
 */
public final class Budget {
  private final long allSteps;
  private final long allBytes;
  private final Set<Object> parts = new HashSet<>();
  private long steps;
  private long bytes;

  /**
   * @param steps elementary steps, some 10 ns each
   * @param bytes memory that the result may hold
   */
  public Budget(long steps, long bytes) {
    this.allSteps = steps;
    this.allBytes = bytes;
    this.steps = steps;
    this.bytes = bytes;
  }

  /** Charges work. */
  public void steps(long count) {
    steps -= count;
    if (steps < 0) {
      throw new Exceeded("less work");
    }
  }

  /** Charges memory. */
  public void bytes(long count) {
    bytes -= count;
    if (bytes < 0) {
      throw new Exceeded("a smaller result");
    }
  }

  /** Whether something is met for the first time, and so to be charged. */
  public boolean first(Object part) {
    return parts.add(part);
  }

  public long spentSteps() {
    return allSteps - steps;
  }

  public long spentBytes() {
    return allBytes - bytes;
  }

  /** The budget is spent. The message says what would have been needed. */
  public static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Exceeded(String needed) {
      super(needed, null, false, false);
    }
  }
}
