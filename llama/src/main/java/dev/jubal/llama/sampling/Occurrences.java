package dev.jubal.llama.sampling;

import java.util.Arrays;

/** How often each token was drawn: an open hash table of ints, as boxing would allocate. */
final class Occurrences {
  private int[] ids = new int[64];
  private int[] counts = new int[64];
  private int size;

  void add(int id) {
    int at = slot(ids, counts, id);
    ids[at] = id;
    if (counts[at]++ == 0 && ++size > ids.length / 2) {
      grow();
    }
  }

  private void grow() {
    int[] oldIds = ids;
    int[] oldCounts = counts;
    ids = new int[oldIds.length * 2];
    counts = new int[oldCounts.length * 2];
    for (int i = 0; i < oldIds.length; i++) {
      if (oldCounts[i] > 0) {
        int at = slot(ids, counts, oldIds[i]);
        ids[at] = oldIds[i];
        counts[at] = oldCounts[i];
      }
    }
  }

  private static int slot(int[] ids, int[] counts, int id) {
    int mask = ids.length - 1;
    int at = (id * 0x9E3779B9) >>> 7 & mask;
    while (counts[at] > 0 && ids[at] != id) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Calls {@code visit} with each token and its count. */
  void each(Visit visit) {
    for (int i = 0; i < ids.length; i++) {
      if (counts[i] > 0) {
        visit.token(ids[i], counts[i]);
      }
    }
  }

  void clear() {
    Arrays.fill(counts, 0);
    size = 0;
  }

  interface Visit {
    void token(int id, int count);
  }
}
