package dev.jubal.llama.constraint.automaton;

import java.util.Arrays;

/** An array of ints as a key of a map. The array must not change. */
public record IntKey(int[] items) {
  @Override
  public boolean equals(Object other) {
    return other instanceof IntKey key && Arrays.equals(items, key.items);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(items);
  }
}
