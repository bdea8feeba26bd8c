package dev.jubal.llama.constraint.automaton;

import java.util.Arrays;

/** A growing array of ints. */
public final class IntList {
  private int[] items = new int[8];
  private int size;

  public void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  public int get(int index) {
    return items[index];
  }

  public void set(int index, int item) {
    items[index] = item;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Removes and returns the last item. */
  public int pop() {
    return items[--size];
  }

  public void clear() {
    size = 0;
  }

  public int[] toArray() {
    return Arrays.copyOf(items, size);
  }

  /** The items in ascending order, each once. */
  public int[] toSortedSet() {
    int[] sorted = toArray();
    Arrays.sort(sorted);
    int kept = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[kept++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, kept);
  }
}
