package dev.jubal.platform.artifact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpackTest {
  private static final byte[] CONTENT = "libllama".repeat(200).getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void takesTheFilesBelowOneFolder() throws Exception {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    entry(tar, "package/README", '0', CONTENT);
    entry(tar, "package/bins/x/lib one.so", '0', CONTENT);
    String pax = "27 path=package/bins/x/two\n";
    entry(tar, "PaxHeader/two", 'x', pax.getBytes(StandardCharsets.UTF_8));
    entry(tar, "package/bins/x/cut", '0', CONTENT);
    Path target = folder.resolve("out/engine");
    Unpack.tarFolder(gzip(tar), "package/bins/x/", target);
    assertArrayEquals(CONTENT, Files.readAllBytes(target.resolve("lib one.so")));
    assertArrayEquals(CONTENT, Files.readAllBytes(target.resolve("two")));
    try (var files = Files.list(target)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void refusesNamesThatLeadOut() throws Exception {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    entry(tar, "package/../../outside", '0', CONTENT);
    Path archive = gzip(tar);
    assertThrows(
        ArtifactException.class,
        () -> Unpack.tarFolder(archive, "package/", folder.resolve("deep/er/out")));
    assertFalse(Files.exists(folder.resolve("deep/outside")));
    assertFalse(Files.exists(folder.resolve("deep/er/out")));
  }

  @Test
  void refusesLinks() throws Exception {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    entry(tar, "package/link", '2', new byte[0]);
    Path archive = gzip(tar);
    assertThrows(
        ArtifactException.class,
        () -> Unpack.tarFolder(archive, "package/", folder.resolve("out")));
  }

  @Test
  void installsNothingOfACutArchive() throws Exception {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    entry(tar, "package/a", '0', CONTENT);
    entry(tar, "package/b", '0', CONTENT);
    byte[] whole = tar.toByteArray();
    ByteArrayOutputStream cut = new ByteArrayOutputStream();
    cut.write(whole, 0, whole.length - 1800);
    Path archive = gzip(cut);
    assertThrows(
        ArtifactException.class,
        () -> Unpack.tarFolder(archive, "package/", folder.resolve("out")));
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void takesOneMemberOfAZipAndChecksIt() throws Exception {
    Path zip = folder.resolve("a.whl");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("pkg/model.gguf"));
      out.write(CONTENT);
    }
    Path target = folder.resolve("models/m.gguf");
    Sha256 right = new Sha256(HubSourceTest.hash(CONTENT));
    Unpack.zipMember(zip, "pkg/model.gguf", right, target, Progress.SILENT);
    assertArrayEquals(CONTENT, Files.readAllBytes(target));

    Sha256 wrong = new Sha256("00".repeat(32));
    Path other = folder.resolve("models/other.gguf");
    ArtifactException failure =
        assertThrows(
            ArtifactException.class,
            () -> Unpack.zipMember(zip, "pkg/model.gguf", wrong, other, Progress.SILENT));
    assertEquals(Kind.WRONG_HASH, failure.kind());
    assertFalse(Files.exists(other));
    failure =
        assertThrows(
            ArtifactException.class,
            () -> Unpack.zipMember(zip, "absent", right, other, Progress.SILENT));
    assertTrue(failure.getMessage().contains("absent"), failure.getMessage());
  }

  private static void entry(OutputStream tar, String name, char type, byte[] content)
      throws IOException {
    byte[] header = new byte[512];
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, 0, bytes.length);
    byte[] size = "%011o".formatted(content.length).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(size, 0, header, 124, size.length);
    header[156] = (byte) type;
    tar.write(header);
    tar.write(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
  }

  private Path gzip(ByteArrayOutputStream tar) throws IOException {
    Path file = folder.resolve("a.tgz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(tar.toByteArray());
    }
    return file;
  }
}
