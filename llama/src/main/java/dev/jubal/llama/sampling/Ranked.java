package dev.jubal.llama.sampling;

/**
 * A heap of the largest values seen, over an array that is lent to it.
 *
 * <p>Value and token id are packed into one long whose order is: larger value first, then smaller
 * id. So a plain sort of longs ranks tokens, and equal values never depend on the order of arrival.
 */
final class Ranked {
  private final long[] keys;
  private final int most;
  private int size;
  private float least = -Float.MAX_VALUE;

  Ranked(long[] keys, int most) {
    this.keys = keys;
    this.most = most;
  }

  static long key(float value, int id) {
    int bits = Float.floatToRawIntBits(value);
    int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ordered << 32) | (~id & 0xFFFF_FFFFL);
  }

  static float value(long key) {
    int ordered = (int) (key >> 32);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
  }

  static int id(long key) {
    return ~(int) key;
  }

  /** A value below this can be passed over. */
  float least() {
    return least;
  }

  void offer(float value, int id) {
    if (!(value >= least)) {
      return;
    }
    long key = key(value, id);
    if (size < most) {
      up(size++, key);
    } else if (key > keys[0]) {
      down(key);
    }
    if (size == most) {
      least = value(keys[0]);
    }
  }

  private void up(int from, long key) {
    int at = from;
    while (at > 0 && keys[(at - 1) / 2] > key) {
      keys[at] = keys[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    keys[at] = key;
  }

  private void down(long key) {
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && keys[child + 1] < keys[child]) {
        child++;
      }
      if (keys[child] >= key) {
        break;
      }
      keys[at] = keys[child];
      at = child;
    }
    keys[at] = key;
  }

  /** Sorts the array ascending and returns how many keys it holds. */
  int sorted() {
    heap(keys, size);
    for (int left = size; left > 1; left--) {
      largestLast(keys, left);
    }
    return size;
  }

  /** Orders {@code keys} so that {@link #largestLast} can take the largest one after the other. */
  static void heap(long[] keys, int count) {
    for (int at = count / 2 - 1; at >= 0; at--) {
      sink(keys, count, at, keys[at]);
    }
  }

  /**
   * Moves the largest of the first {@code count} keys, which are a heap, to their end; the others
   * are a heap again. A sort of the library would allocate, and mostly few of the keys are wanted.
   */
  static void largestLast(long[] keys, int count) {
    long last = keys[count - 1];
    keys[count - 1] = keys[0];
    sink(keys, count - 1, 0, last);
  }

  private static void sink(long[] keys, int count, int from, long key) {
    int at = from;
    for (int child = 2 * at + 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && keys[child + 1] > keys[child]) {
        child++;
      }
      if (keys[child] <= key) {
        break;
      }
      keys[at] = keys[child];
      at = child;
    }
    if (count > 0) {
      keys[at] = key;
    }
  }
}
