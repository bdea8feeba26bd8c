package dev.jubal.platform.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HubSourceTest {
  private static final ArtifactRef REF = ArtifactRef.parse("hf:owner/repo/a model.gguf");

  @TempDir private Path folder;
  private LoopbackHub hub;
  private byte[] content;
  private Path target;

  @BeforeEach
  void start() throws Exception {
    hub = new LoopbackHub();
    content = new byte[300_000];
    new Random(7).nextBytes(content);
    hub.put("a model.gguf", content, hash(content));
    target = folder.resolve("of the model").resolve("a model.gguf");
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void downloadsTheVeryCommitTheHubNamed() throws Exception {
    Sha256 hash = fetch(Map.of());
    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals(hash(content), hash.hex());
    assertTrue(
        hub.seen().stream()
            .anyMatch(
                s ->
                    s.method().equals("GET")
                        && s.path()
                            .equals("/owner/repo/resolve/" + LoopbackHub.COMMIT + "/a model.gguf")),
        () -> hub.seen().toString());
    assertEquals(List.of("a model.gguf"), names());
  }

  @Test
  void givesTheTokenToTheHubAndNotToTheStorageItRedirectsTo() {
    fetch(Map.of("HF_TOKEN", "hf_secret"));
    for (LoopbackHub.Seen seen : hub.seen()) {
      String expected = seen.path().startsWith("/storage/") ? "null" : "Bearer hf_secret";
      assertEquals(expected, seen.authorization(), seen.toString());
    }
    assertEquals(1, hub.downloads().size());
  }

  @Test
  void goesOnWithinOneRunAfterABrokenDownload() throws Exception {
    hub.cutNextAfter(100_000);
    hub.cutNextAfter(50_000);
    fetch(Map.of());
    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals(3, hub.downloads().size());
    assertTrue(hub.downloads().getLast().range().startsWith("bytes="));
  }

  @Test
  void goesOnInALaterRunAndInstallsNothingBefore() throws Exception {
    hub.cutNextAfter(100_000);
    for (int i = 0; i < 10; i++) {
      hub.cutNextAfter(0);
    }
    ArtifactException failure = assertThrows(ArtifactException.class, () -> fetch(Map.of()));
    assertEquals(Kind.BROKEN, failure.kind());
    assertFalse(Files.exists(target));
    long kept = Files.size(only(".part"));
    assertTrue(kept > 0 && kept <= 100_000, () -> "kept " + kept);
    assertTrue(failure.getMessage().contains("after " + kept + " bytes"), failure.getMessage());

    hub.close();
    try (LoopbackHub again = new LoopbackHub()) {
      again.put("a model.gguf", content, hash(content));
      Artifacts.open(Map.of("HF_ENDPOINT", again.address()), false, Duration.ZERO)
          .fetch(REF, target, Progress.SILENT);
      assertArrayEquals(content, Files.readAllBytes(target));
      assertEquals("bytes=" + kept + "-", again.downloads().getFirst().range());
    }
    assertEquals(List.of("a model.gguf"), names());
  }

  @Test
  void startsOverWhereTheServerKnowsNoRanges() throws Exception {
    hub.withoutRanges();
    hub.cutNextAfter(100_000);
    fetch(Map.of());
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void finishesAPartThatIsWholeAlready() throws Exception {
    Files.createDirectories(target.getParent());
    hub.cutNextAfter(0);
    hub.cutNextAfter(0);
    hub.cutNextAfter(0);
    assertThrows(ArtifactException.class, () -> fetch(Map.of()));
    Files.write(only(".part"), content);
    fetch(Map.of());
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void deletesWhatDoesNotHashToWhatTheHubSaid() throws Exception {
    hub.put("a model.gguf", content, "ab".repeat(32));
    ArtifactException failure = assertThrows(ArtifactException.class, () -> fetch(Map.of()));
    assertEquals(Kind.WRONG_HASH, failure.kind());
    assertTrue(failure.getMessage().contains("expected: " + "ab".repeat(32)));
    assertEquals(List.of(), names());
  }

  @Test
  void leavesAnInstalledFileAloneWhenItsReplacementIsWrong() throws Exception {
    fetch(Map.of());
    hub.put("a model.gguf", new byte[10], "ab".repeat(32));
    assertThrows(ArtifactException.class, () -> fetch(Map.of()));
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void refusesAPinTheHubContradictsBeforeItDownloads() {
    ArtifactRef pinned = REF.pinned(new Sha256("cd".repeat(32)));
    ArtifactException failure =
        assertThrows(
            ArtifactException.class,
            () -> artifacts(Map.of(), false).fetch(pinned, target, Progress.SILENT));
    assertEquals(Kind.WRONG_HASH, failure.kind());
    assertEquals(List.of(), hub.downloads());
  }

  @Test
  void refusesAFileWithoutAHash() {
    hub.put("a model.gguf", content, LoopbackHub.COMMIT);
    ArtifactException failure = assertThrows(ArtifactException.class, () -> fetch(Map.of()));
    assertEquals(Kind.REFUSED, failure.kind());
    assertTrue(failure.getMessage().contains("--sha256"));
  }

  @Test
  void saysWhatTheHubSaid() {
    hub.refuse(403);
    ArtifactException failure = assertThrows(ArtifactException.class, () -> fetch(Map.of()));
    assertEquals(Kind.UNAVAILABLE, failure.kind());
    assertTrue(failure.getMessage().contains("403: said by the hub"), failure.getMessage());
    assertTrue(failure.getMessage().contains("HF_TOKEN"), failure.getMessage());
  }

  @Test
  void asksNobodyWhenOffline() {
    ArtifactException failure =
        assertThrows(
            ArtifactException.class,
            () -> artifacts(Map.of(), true).fetch(REF, target, Progress.SILENT));
    assertEquals(Kind.OFFLINE, failure.kind());
    assertEquals(List.of(), hub.seen());
  }

  @Test
  void refusesADownloadTheDiskCannotHold() throws Exception {
    hub.claimLength(Long.MAX_VALUE / 4);
    ArtifactException failure = assertThrows(ArtifactException.class, () -> fetch(Map.of()));
    assertEquals(Kind.DISK, failure.kind());
    assertEquals(List.of(), names());
  }

  private Sha256 fetch(Map<String, String> environment) {
    return artifacts(environment, false).fetch(REF, target, Progress.SILENT);
  }

  private Artifacts artifacts(Map<String, String> environment, boolean offline) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.put("HF_ENDPOINT", hub.address());
    return Artifacts.open(all, offline, Duration.ZERO);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(target.getParent())) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private Path only(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(target.getParent())) {
      return files.filter(f -> f.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  static String hash(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
