package dev.jubal.llama.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GgufHeaderTest {
  @TempDir Path folder;

  @Test
  void readsWhatMustBeKnownBeforeAModelIsLoaded() throws Exception {
    GgufHeader header = GgufHeader.read(model());
    assertEquals("llama", header.architecture());
    assertEquals(Optional.of("{{ messages }}"), header.chatTemplate());
    assertEquals(Optional.of("apache-2.0"), header.licence());
    assertEquals(OptionalLong.of(2048), header.contextLength());
    assertEquals(OptionalLong.of(3), header.vocabulary());
    assertEquals(7, header.tensors());
    // 30 layers, 3 heads of the cache, 576 / 9 for a key and as much for a value, 2 bytes each
    assertEquals(OptionalLong.of(30 * 3 * 128 * 2), header.cacheBytesPerToken());
  }

  @Test
  void saysHowTheWeightsAreStored() throws Exception {
    Path file = new GgufFile().number("general.file_type", 2).write(folder.resolve("m"), 0);
    assertEquals("Q4_0", GgufHeader.read(file).quantisation());
    assertEquals("unknown", GgufHeader.read(model()).quantisation());
    assertEquals(1, GgufHeader.read(file).parts());
  }

  @Test
  void tellsAWholeFileFromOneThatLacksItsLastByte() throws Exception {
    // 64 weights of Q4_0 are two blocks of 18 bytes; they begin at byte 32 of the data
    GgufFile file = new GgufFile().tensor("a", 4, 0, 0).tensor("b", 64, 2, 32);
    Path whole = file.writeWhole(folder.resolve("whole"), 32 + 36);
    assertEquals(2, GgufHeader.readWhole(whole).tensors());
    Path cut = file.writeWhole(folder.resolve("cut"), 32 + 35);
    GgufFormatException failure =
        assertThrows(GgufFormatException.class, () -> GgufHeader.readWhole(cut));
    long size = Files.size(whole);
    assertTrue(
        String.valueOf(failure.getMessage())
            .contains("cut short: " + (size - 1) + " bytes (expected: at least " + size + ")"),
        String.valueOf(failure.getMessage()));
    Path table = Files.write(folder.resolve("t"), Arrays.copyOf(Files.readAllBytes(whole), 40));
    assertThrows(GgufFormatException.class, () -> GgufHeader.readWhole(table));
  }

  @Test
  void namesWhatIsWrongWithAFile() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no model at all, and long enough");
    assertSays("magic: 6d206f6e (expected: 47475546 (GGUF))", text);
    Path odd = new GgufFile().type("k", 77).write(folder.resolve("odd"), 0);
    assertSays("value type: 77 (expected: 0..12)", odd);
    Path old = model();
    byte[] bytes = Files.readAllBytes(old);
    bytes[4] = 1;
    assertSays("version: 1 (expected: 2 or 3)", Files.write(old, bytes));
  }

  @Test
  void aCutOrDamagedHeaderIsAnErrorAndNeverAHugeAllocation() throws Exception {
    byte[] sound = Files.readAllBytes(model());
    Path file = folder.resolve("damaged");
    for (int length = 0; length < sound.length; length += 7) {
      Files.write(file, Arrays.copyOf(sound, length));
      assertThrows(GgufFormatException.class, () -> GgufHeader.read(file));
    }
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] damaged = sound.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      try {
        assertTrue(GgufHeader.read(file).version() <= 3, "seed " + seed);
      } catch (GgufFormatException expected) {
        assertTrue(String.valueOf(expected.getMessage()).contains("expected"), "seed " + seed);
      }
    }
  }

  private Path model() throws IOException {
    return new GgufFile()
        .text("general.architecture", "llama")
        .text("general.license", "apache-2.0")
        .number("llama.context_length", 2048)
        .number("llama.block_count", 30)
        .number("llama.embedding_length", 576)
        .number("llama.attention.head_count", 9)
        .number("llama.attention.head_count_kv", 3)
        .texts("tokenizer.ggml.tokens", "a", "b", "ß")
        .floats("tokenizer.ggml.scores", 1, 2, 3)
        .text("tokenizer.chat_template", "{{ messages }}")
        .write(folder.resolve("model.gguf"), 0);
  }

  private static void assertSays(String part, Path file) {
    GgufFormatException failure =
        assertThrows(GgufFormatException.class, () -> GgufHeader.read(file));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(file.toString()) && message.contains(part), message);
    assertTrue(message.getBytes(StandardCharsets.UTF_8).length < 500);
  }
}
