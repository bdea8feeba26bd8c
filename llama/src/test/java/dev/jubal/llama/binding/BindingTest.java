package dev.jubal.llama.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BindingTest {
  @TempDir private Path folder;

  @Test
  void findsLibrariesByTheNamesOfEachSystem() {
    assertTrue(matches("llama", "Linux", "libllama.v0.5.0.so"));
    assertTrue(matches("llama", "Linux", "libllama.so"));
    assertTrue(matches("llama", "Linux", "libllama.so.0"));
    assertFalse(matches("llama", "Linux", "libllama-common.so"));
    assertFalse(matches("ggml", "Linux", "libggml-base.so"));
    assertTrue(matches("ggml-base", "Linux", "libggml-base.so"));
    assertTrue(matches("llama", "Linux", "libllama.cuda.v0.5.0.so"));
    assertTrue(matches("llama", "Mac OS X", "libllama.v0.5.0.dylib"));
    assertTrue(matches("llama", "Mac OS X", "libllama.dylib"));
    assertTrue(matches("llama", "Windows 11", "llama.v0.5.0.dll"));
    assertTrue(matches("ggml", "Windows 11", "libggml.dll"));
    assertFalse(matches("ggml", "Windows 11", "ggml-base.dll"));
  }

  private static boolean matches(String name, String system, String file) {
    return LibraryFiles.pattern(name, system).matcher(file).matches();
  }

  @Test
  void opensTwiceAndKnowsItsDevices() {
    Library first = Library.open(Artefacts.library(), line -> {});
    Library second = Library.open(Artefacts.library(), line -> {});
    assertEquals(first.devices(), second.devices());
    assertTrue(first.devices().stream().anyMatch(d -> !d.gpu()), first.devices().toString());
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    Library library = Library.open(Artefacts.library(), line -> {});
    if (library.devices().stream().noneMatch(d -> d.name().startsWith("CUDA"))) {
      EngineFailure failure =
          assertThrows(
              EngineFailure.class, () -> Model.load(library, Artefacts.model(), "cuda").close());
      assertTrue(String.valueOf(failure.getMessage()).contains("CPU"), failure.getMessage());
    }
    assertThrows(
        EngineFailure.class, () -> Model.load(library, Artefacts.model(), "abacus").close());
  }

  @Test
  void readsTheHeadOfAFile() {
    GgufFile file = GgufFile.read(Artefacts.model());
    assertEquals("llama", file.architecture());
    assertEquals(8192, file.trainedContext());
    // 30 layers, 3 heads of keys and values, 64 wide, 2 bytes.
    assertEquals(30 * 3 * (64 + 64) * 2, file.cacheBytesPerToken());
    String template = file.template();
    assertTrue(template != null && template.contains("<|im_start|>"), template);
  }

  @Test
  void quantisesAnew() throws IOException {
    List<String> said = new ArrayList<>();
    Library library = Library.open(Artefacts.library(), said::add);
    Path target = folder.resolve("small.gguf");
    new Quantizer(library).requantize(Artefacts.model(), target, Quantizer.Q4_0);
    assertTrue(Files.size(target) > 50_000_000L, "size: " + Files.size(target));
    try (Model model = Model.load(library, target, "cpu")) {
      assertTrue(model.description().contains("Q4_0"), model.description());
    }
    assertFalse(said.isEmpty());
    Path nowhere = folder.resolve("absent").resolve("x.gguf");
    assertThrows(
        EngineFailure.class,
        () -> new Quantizer(library).requantize(Artefacts.model(), nowhere, Quantizer.Q4_0));
  }

  @Test
  void noDamageOfTheHeadEndsTheProcess() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] head = new byte[3000];
    try (var in = Files.newInputStream(Artefacts.model())) {
      assertEquals(head.length, in.readNBytes(head, 0, head.length));
    }
    Path file = folder.resolve("damaged.gguf");
    for (int round = 0; round < 500; round++) {
      byte[] damaged = head.clone();
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      EngineFailure failure = assertThrows(EngineFailure.class, () -> GgufFile.read(file));
      assertEquals(EngineFailure.Kind.LOAD_FAILED, failure.kind(), "seed " + seed);
    }
  }
}
