package dev.jubal.platform.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** npm and pip, with shell scripts in their place: what they are asked, and how they fail. */
@DisabledOnOs(OS.WINDOWS)
final class ClientSourcesTest {
  private static final byte[] CONTENT = "packed\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void takesTheFileThatNpmLeaves() throws Exception {
    NpmSource npm = new NpmSource(program("echo packed > some-1.0.0.tgz; echo \"$@\" >&2"));
    Path target = folder.resolve("out/it is.tgz");
    Files.createDirectories(folder.resolve("out"));
    ArtifactRef ref = ref("npm:@scope/some@1.0.0").pinned(new Sha256(HubSourceTest.hash(CONTENT)));
    npm.fetch(ref, target, Progress.SILENT);
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
    assertEquals(1, count(folder.resolve("out")));
  }

  @Test
  void givesPipTheHashAndTakesItsWheel() throws Exception {
    PypiSource pip =
        new PypiSource(
            program("grep -q -- '--hash=sha256:' requirements.txt && echo packed > a-1.whl"));
    Path target = folder.resolve("x.whl");
    String hash = HubSourceTest.hash(CONTENT);
    pip.fetch(ref("pypi:a==1").pinned(new Sha256(hash)), target, Progress.SILENT);
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
  }

  @Test
  void putsNothingInPlaceWhenTheHashIsWrong() throws Exception {
    NpmSource npm = new NpmSource(program("echo other > some-1.0.0.tgz"));
    Path target = folder.resolve("out/it is.tgz");
    Files.createDirectories(folder.resolve("out"));
    ArtifactException failure =
        assertThrows(
            ArtifactException.class,
            () ->
                npm.fetch(
                    ref("npm:some@1").pinned(new Sha256("00".repeat(32))),
                    target,
                    Progress.SILENT));
    assertEquals(Kind.WRONG_HASH, failure.kind());
    assertEquals(0, count(folder.resolve("out")));
  }

  @Test
  void repeatsWhatAFailingClientSaid() throws Exception {
    NpmSource npm = new NpmSource(program("echo 'npm error network away' >&2; exit 7"));
    ArtifactException failure =
        assertThrows(
            ArtifactException.class,
            () -> npm.fetch(ref("npm:some@1"), folder.resolve("x"), Progress.SILENT));
    assertEquals(Kind.CLIENT, failure.kind());
    assertTrue(failure.getMessage().contains("status 7"), failure.getMessage());
    assertTrue(failure.getMessage().contains("network away"), failure.getMessage());
  }

  @Test
  void namesAMissingClientWithTheLineThatInstallsIt() {
    NpmSource npm =
        new NpmSource(new ClientProgram(List.of(folder + "/absent"), "Node with npm: line"));
    ArtifactException failure =
        assertThrows(
            ArtifactException.class,
            () -> npm.fetch(ref("npm:some@1"), folder.resolve("x"), Progress.SILENT));
    assertEquals(Kind.CLIENT, failure.kind());
    assertTrue(failure.getMessage().contains("Node with npm: line"), failure.getMessage());
  }

  private static ArtifactRef ref(String text) {
    ArtifactRef ref = ArtifactRef.parse(text);
    return new ArtifactRef(ref.scheme(), ref.location(), Optional.empty());
  }

  private static ClientProgram program(String script) {
    return new ClientProgram(List.of("/bin/sh", "-c", script, "client"), "a shell");
  }

  private static long count(Path where) throws Exception {
    try (Stream<Path> files = Files.list(where)) {
      return files.count();
    }
  }
}
