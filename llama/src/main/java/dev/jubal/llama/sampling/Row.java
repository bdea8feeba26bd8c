package dev.jubal.llama.sampling;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Vector loops over a row of floats in native memory. */
final class Row {
  /** Sums of exponentials are kept for blocks of this many floats. */
  static final int BLOCK = 1024;

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private Row() {}

  static float get(MemorySegment row, int index) {
    return row.getAtIndex(JAVA_FLOAT, index);
  }

  private static FloatVector load(MemorySegment row, int index) {
    return FloatVector.fromMemorySegment(LANES, row, 4L * index, ORDER);
  }

  /** The largest value; NaN if one is NaN. */
  static float max(MemorySegment row, int count) {
    int bound = LANES.loopBound(count);
    FloatVector best = FloatVector.broadcast(LANES, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < bound; i += LANES.length()) {
      best = best.max(load(row, i));
    }
    float max = best.reduceLanes(VectorOperators.MAX);
    for (int i = bound; i < count; i++) {
      max = Math.max(max, get(row, i));
    }
    return max;
  }

  /**
   * Copies the values whose bit is set in {@code mask}, the others as negative infinity, and
   * returns the largest one; NaN if one of them is NaN. {@code to} may be {@code from}.
   */
  static float keep(MemorySegment from, MemorySegment to, int count, long[] mask) {
    int bound = LANES.loopBound(count);
    FloatVector never = FloatVector.broadcast(LANES, Float.NEGATIVE_INFINITY);
    FloatVector best = never;
    for (int i = 0; i < bound; i += LANES.length()) {
      // Shifted, the lanes' bits come to the low end; those of later lanes above them are ignored.
      long bits = mask[i >> 6] >>> i;
      FloatVector kept = never;
      if (bits != 0) {
        kept = never.blend(load(from, i), VectorMask.fromLong(LANES, bits));
        best = best.max(kept);
      }
      kept.intoMemorySegment(to, 4L * i, ORDER);
    }
    float max = best.reduceLanes(VectorOperators.MAX);
    for (int i = bound; i < count; i++) {
      boolean legal = (mask[i >> 6] >>> i & 1) != 0;
      float value = legal ? get(from, i) : Float.NEGATIVE_INFINITY;
      to.setAtIndex(JAVA_FLOAT, i, value);
      max = Math.max(max, value);
    }
    return max;
  }

  /** The first index that holds {@code value}, or -1. */
  static int find(MemorySegment row, int count, float value) {
    int bound = LANES.loopBound(count);
    for (int i = 0; i < bound; i += LANES.length()) {
      VectorMask<Float> equal = load(row, i).compare(VectorOperators.EQ, value);
      if (equal.anyTrue()) {
        return i + equal.firstTrue();
      }
    }
    for (int i = bound; i < count; i++) {
      if (get(row, i) == value) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The sum of {@code exp((value - max) * scale)}; the sum of each block goes to {@code blocks}.
   */
  static double expSum(MemorySegment row, int count, float max, float scale, double[] blocks) {
    double total = 0;
    for (int block = 0, from = 0; from < count; block++, from += BLOCK) {
      double sum = expSum(row, from, Math.min(count, from + BLOCK), max, scale);
      blocks[block] = sum;
      total += sum;
    }
    return total;
  }

  private static double expSum(MemorySegment row, int from, int to, float max, float scale) {
    int bound = from + LANES.loopBound(to - from);
    FloatVector sum = FloatVector.zero(LANES);
    for (int i = from; i < bound; i += LANES.length()) {
      sum = sum.add(load(row, i).sub(max).mul(scale).lanewise(VectorOperators.EXP));
    }
    double total = sum.reduceLanes(VectorOperators.ADD);
    for (int i = bound; i < to; i++) {
      total += Math.exp((get(row, i) - max) * scale);
    }
    return total;
  }

  /** The sum of {@code exp(value - max)} over the values of at least {@code threshold}. */
  static double expSumAtLeast(MemorySegment row, int count, float max, float threshold) {
    double total = 0;
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(count, from + BLOCK);
      int bound = from + LANES.loopBound(to - from);
      FloatVector sums = FloatVector.zero(LANES);
      for (int i = from; i < bound; i += LANES.length()) {
        FloatVector values = load(row, i);
        VectorMask<Float> counts = values.compare(VectorOperators.GE, threshold);
        sums = sums.add(values.sub(max).lanewise(VectorOperators.EXP), counts);
      }
      total += sums.reduceLanes(VectorOperators.ADD);
      for (int i = bound; i < to; i++) {
        total += get(row, i) >= threshold ? Math.exp(get(row, i) - max) : 0;
      }
    }
    return total;
  }

  /**
   * Writes the {@link Ranked} keys of all values of at least {@code threshold} to {@code keys} and
   * returns how many there are. Negative infinity never counts.
   */
  static int atLeast(MemorySegment row, int count, float threshold, long[] keys) {
    float least = Math.max(threshold, -Float.MAX_VALUE);
    int bound = LANES.loopBound(count);
    int found = 0;
    for (int i = 0; i < bound; i += LANES.length()) {
      long bits = load(row, i).compare(VectorOperators.GE, least).toLong();
      for (; bits != 0; bits &= bits - 1) {
        int index = i + Long.numberOfTrailingZeros(bits);
        keys[found++] = Ranked.key(get(row, index), index);
      }
    }
    for (int i = bound; i < count; i++) {
      if (get(row, i) >= least) {
        keys[found++] = Ranked.key(get(row, i), i);
      }
    }
    return found;
  }

  /**
   * Writes the keys of the {@code most} largest values to {@code keys}, in ascending order, and
   * returns how many there are. Negative infinity never counts.
   */
  static int largest(MemorySegment row, int count, int most, long[] keys) {
    Ranked heap = new Ranked(keys, most);
    int bound = LANES.loopBound(count);
    for (int i = 0; i < bound; i += LANES.length()) {
      long bits = load(row, i).compare(VectorOperators.GE, heap.least()).toLong();
      for (; bits != 0; bits &= bits - 1) {
        int index = i + Long.numberOfTrailingZeros(bits);
        heap.offer(get(row, index), index);
      }
    }
    for (int i = bound; i < count; i++) {
      heap.offer(get(row, i), i);
    }
    return heap.sorted();
  }
}
