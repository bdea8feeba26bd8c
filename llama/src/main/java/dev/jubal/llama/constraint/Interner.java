package dev.jubal.llama.constraint;

import dev.jubal.llama.constraint.automaton.IntList;
import java.util.Arrays;

/** Numbers triples of ints: equal triples get equal numbers, counted from 0. */
final class Interner {
  private final IntList first = new IntList();
  private final IntList second = new IntList();
  private final IntList third = new IntList();
  private int[] slots = new int[64];

  Interner() {
    Arrays.fill(slots, -1);
  }

  int number(int a, int b, int c) {
    int mask = slots.length - 1;
    int slot = hash(a, b, c) & mask;
    while (slots[slot] >= 0) {
      int id = slots[slot];
      if (first.get(id) == a && second.get(id) == b && third.get(id) == c) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
    int id = first.size();
    first.add(a);
    second.add(b);
    third.add(c);
    slots[slot] = id;
    if (2 * id > slots.length) {
      grow();
    }
    return id;
  }

  private static int hash(int a, int b, int c) {
    long mixed = (a * 0x9E3779B97F4A7C15L) ^ (b * 0xC2B2AE3D27D4EB4FL) ^ (c * 0x165667B19E3779F9L);
    return (int) (mixed ^ (mixed >>> 32));
  }

  private void grow() {
    slots = new int[slots.length * 2];
    Arrays.fill(slots, -1);
    int mask = slots.length - 1;
    for (int id = 0; id < first.size(); id++) {
      int slot = hash(first.get(id), second.get(id), third.get(id)) & mask;
      while (slots[slot] >= 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = id;
    }
  }

  int size() {
    return first.size();
  }

  int first(int id) {
    return first.get(id);
  }

  int second(int id) {
    return second.get(id);
  }

  int third(int id) {
    return third.get(id);
  }
}
