package dev.jubal.llama.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.EngineFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GgufFileTest {
  // 64 weights of Q4_0 are two blocks of 18 bytes; they begin at byte 32 of the data
  private static final int DATA = 32 + 36;

  @TempDir private Path folder;

  @Test
  void readsWhatMustBeKnownBeforeAModelIsLoaded() throws Exception {
    GgufFile file = GgufFile.read(write("m", whole()));
    assertEquals("llama", file.architecture());
    assertEquals("apache-2.0", file.licence());
    assertEquals("Q4_0", file.quantisation());
    assertEquals(2048, file.trainedContext());
    assertEquals(2, file.tensors());
    assertEquals(1, file.parts());
  }

  @Test
  void tellsAWholeFileFromOneThatLacksItsLastByte() throws Exception {
    byte[] whole = whole();
    EngineFailure failure = failure(Arrays.copyOf(whole, whole.length - 1));
    assertTrue(
        String.valueOf(failure.getMessage())
            .contains(
                "cut short: "
                    + (whole.length - 1)
                    + " bytes (expected: at least "
                    + whole.length
                    + ")"),
        String.valueOf(failure.getMessage()));
  }

  @Test
  void aCutOrDamagedHeaderIsAnErrorAndNothingElse() throws Exception {
    byte[] whole = whole();
    for (int length = 0; length < whole.length; length += 5) {
      assertEquals(EngineFailure.Kind.LOAD_FAILED, failure(Arrays.copyOf(whole, length)).kind());
    }
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length - DATA)] ^= (byte) (1 << random.nextInt(8));
      Path file = write("damaged", damaged);
      try {
        assertTrue(GgufFile.read(file).version() <= 3, "seed " + seed);
      } catch (EngineFailure expected) {
        assertEquals(EngineFailure.Kind.LOAD_FAILED, expected.kind(), "seed " + seed);
      }
    }
  }

  private EngineFailure failure(byte[] content) throws IOException {
    Path file = write("wrong", content);
    return assertThrows(EngineFailure.class, () -> GgufFile.read(file));
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] whole() {
    ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x46554747).putInt(3).putLong(2).putLong(4);
    text(file, "general.architecture").putInt(8);
    text(file, "llama");
    text(file, "general.license").putInt(8);
    text(file, "apache-2.0");
    text(file, "llama.context_length").putInt(4).putInt(2048);
    text(file, "general.file_type").putInt(4).putInt(2);
    text(file, "a").putInt(1).putLong(4).putInt(0).putLong(0);
    text(file, "b").putInt(2).putLong(32).putLong(2).putInt(2).putLong(32);
    int data = (file.position() + 31) / 32 * 32;
    return Arrays.copyOf(file.array(), data + DATA);
  }

  private static ByteBuffer text(ByteBuffer file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return file.putLong(bytes.length).put(bytes);
  }
}
