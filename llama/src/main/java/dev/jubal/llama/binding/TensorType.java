package dev.jubal.llama.binding;

import java.util.HashMap;
import java.util.Map;

/** How many bytes the tensors of a file take, by the numbers that ggml gives their types. */
final class TensorType {
  private static final Map<Integer, Block> BLOCKS = blocks();

  private TensorType() {}

  /** So many elements stand together in so many bytes. */
  private record Block(int elements, int bytes) {}

  /** Bytes of a tensor; 1 for a type of a later version, whose size is not known. */
  static long leastBytes(int type, long elements) {
    Block block = BLOCKS.get(type);
    if (block == null) {
      return 1;
    }
    return (elements + block.elements - 1) / block.elements * block.bytes;
  }

  private static Map<Integer, Block> blocks() {
    // type, elements of a block, bytes of a block
    int[][] table = {
      {0, 1, 4},
      {1, 1, 2},
      {2, 32, 18},
      {3, 32, 20},
      {6, 32, 22},
      {7, 32, 24},
      {8, 32, 34},
      {9, 32, 36},
      {10, 256, 84},
      {11, 256, 110},
      {12, 256, 144},
      {13, 256, 176},
      {14, 256, 210},
      {15, 256, 292},
      {16, 256, 66},
      {17, 256, 74},
      {18, 256, 98},
      {19, 256, 50},
      {20, 32, 18},
      {21, 256, 110},
      {22, 256, 82},
      {23, 256, 136},
      {24, 1, 1},
      {25, 1, 2},
      {26, 1, 4},
      {27, 1, 8},
      {28, 1, 8},
      {29, 256, 56},
      {30, 1, 2},
      {34, 256, 54},
      {35, 256, 66},
      {39, 32, 17},
    };
    Map<Integer, Block> blocks = new HashMap<>();
    for (int[] row : table) {
      blocks.put(row[0], new Block(row[1], row[2]));
    }
    return Map.copyOf(blocks);
  }
}
