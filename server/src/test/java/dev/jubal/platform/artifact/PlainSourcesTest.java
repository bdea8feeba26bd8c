package dev.jubal.platform.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The sources file and https, and what they have in common. */
final class PlainSourcesTest {
  private static final byte[] CONTENT = "some weights".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void copiesAFileWhoseNameHasSpaces() throws Exception {
    Path source = Files.write(folder.resolve("my model.gguf"), CONTENT);
    Path target = folder.resolve("new/it.gguf");
    for (String spelling : List.of("file:" + source, "file://" + source)) {
      Files.deleteIfExists(target);
      open(false).fetch(ArtifactRef.parse(spelling), target, Progress.SILENT);
      assertArrayEquals(CONTENT, Files.readAllBytes(target));
    }
  }

  @Test
  void worksOfflineForAFile() throws Exception {
    Path source = Files.write(folder.resolve("a"), CONTENT);
    open(true).fetch(ArtifactRef.parse("file:" + source), folder.resolve("b"), Progress.SILENT);
    assertTrue(Files.exists(folder.resolve("b")));
  }

  @Test
  void deletesACopyWithTheWrongHash() throws Exception {
    Path source = Files.write(folder.resolve("a"), CONTENT);
    ArtifactRef ref = ArtifactRef.parse("file:" + source).pinned(new Sha256("00".repeat(32)));
    ArtifactException failure = failure(ref, folder.resolve("b"));
    assertEquals(Kind.WRONG_HASH, failure.kind());
    assertFalse(Files.exists(folder.resolve("b")));
    assertFalse(Files.exists(folder.resolve("b.part")));
    assertTrue(Files.exists(source));
  }

  // The device answers each write as a full disk does, so no disk need be filled.
  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatTheDiskIsFull() throws Exception {
    Path source = Files.write(folder.resolve("a"), CONTENT);
    Files.createSymbolicLink(folder.resolve("b.part"), Path.of("/dev/full"));
    ArtifactException failure = failure(ArtifactRef.parse("file:" + source), folder.resolve("b"));
    assertEquals(Kind.DISK, failure.kind());
    assertTrue(failure.getMessage().contains("the disk is full"), failure.getMessage());
    assertFalse(Files.exists(folder.resolve("b")));
    assertFalse(Files.isSymbolicLink(folder.resolve("b.part")));
  }

  @Test
  void takesAnUnpinnedAddressAndSaysSo() throws Exception {
    try (LoopbackHub hub = new LoopbackHub()) {
      hub.put("x.bin", CONTENT, "");
      List<String> notes = new ArrayList<>();
      ArtifactRef ref = ArtifactRef.parse(hub.address() + "/storage/x.bin?signature=secret");
      open(false).fetch(ref, folder.resolve("x"), notes(notes));
      assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("x")));
      assertEquals(1, notes.size());
      assertTrue(notes.getFirst().contains("not pinned"), notes.toString());
      assertFalse(notes.getFirst().contains("secret"), notes.toString());
    }
  }

  @Test
  void refusesPlainHttpWithoutAPin() {
    ArtifactRef ref = ArtifactRef.parse("http://example.invalid/x");
    ArtifactException failure = failure(ref, folder.resolve("x"));
    assertEquals(Kind.REFUSED, failure.kind());
    assertTrue(failure.getMessage().contains("https"), failure.getMessage());
  }

  @Test
  void refusesWhatIsNoReference() {
    for (String text : List.of("", "model", "ftp://host/x", "hf:", "ollama:x")) {
      IllegalArgumentException failure =
          assertThrows(IllegalArgumentException.class, () -> ArtifactRef.parse(text));
      assertTrue(String.valueOf(failure.getMessage()).contains("expected: npm:"), text);
    }
    assertEquals(
        Kind.REFUSED, failure(ArtifactRef.parse("hf:only/two"), folder.resolve("x")).kind());
    assertEquals(Kind.REFUSED, failure(ArtifactRef.parse("npm:x"), folder.resolve("x")).kind());
    assertEquals(Kind.REFUSED, failure(ArtifactRef.parse("pypi:x"), folder.resolve("x")).kind());
  }

  private ArtifactException failure(ArtifactRef ref, Path target) {
    return assertThrows(
        ArtifactException.class, () -> open(false).fetch(ref, target, Progress.SILENT));
  }

  private static Artifacts open(boolean offline) {
    return Artifacts.open(Map.of(), offline, Duration.ZERO);
  }

  private static Progress notes(List<String> notes) {
    return new Progress() {
      @Override
      public void begin(String what, long totalBytes) {}

      @Override
      public void at(long bytes) {}

      @Override
      public void end() {}

      @Override
      public void note(String line) {
        notes.add(line);
      }
    };
  }
}
