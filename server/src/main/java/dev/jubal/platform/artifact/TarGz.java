package dev.jubal.platform.artifact;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Reads tar archives (ustar, with pax names) as npm makes them.
 *
 * <p>Regular files only: links, devices and names that lead out of the folder are an error.
 */
final class TarGz {
  private static final int BLOCK = 512;

  private TarGz() {}

  /** Writes the files below {@code prefix} into {@code folder} and returns how many there were. */
  static int extract(Path tgz, String prefix, Path folder) throws IOException {
    try (InputStream in =
        new BufferedInputStream(new GZIPInputStream(Files.newInputStream(tgz), 1 << 16), 1 << 16)) {
      return extract(in, prefix, folder.toAbsolutePath().normalize());
    }
  }

  private static int extract(InputStream in, String prefix, Path folder) throws IOException {
    int files = 0;
    String longName = "";
    byte[] header = new byte[BLOCK];
    while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
      long size = octal(header, 124, 12);
      char type = (char) header[156];
      String name = longName.isEmpty() ? name(header) : longName;
      longName = "";
      if (type == 'x') {
        longName = paxPath(new String(exactly(in, size), StandardCharsets.UTF_8));
      } else if ((type == '0' || type == 0) && name.startsWith(prefix)) {
        write(in, size, inside(folder, name.substring(prefix.length())));
        files++;
      } else if (type == '5' || type == 'g' || type == '0' || type == 0) {
        in.skipNBytes(size);
      } else {
        throw new IOException(name + " is of type '" + type + "' (expected: a regular file)");
      }
      in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }
    return files;
  }

  private static Path inside(Path folder, String name) throws IOException {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder) || file.equals(folder)) {
      throw new IOException("\"" + name + "\" (expected: a name inside the archive's folder)");
    }
    Files.createDirectories(file.getParent());
    return file;
  }

  private static void write(InputStream in, long size, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      long left = size;
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new EOFException("the archive ends within " + file.getFileName());
        }
        out.write(buffer, 0, n);
        left -= n;
      }
    }
  }

  private static byte[] exactly(InputStream in, long size) throws IOException {
    if (size > 1 << 20) {
      throw new IOException("a pax header of " + size + " bytes (expected: at most 1 MiB)");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length != size) {
      throw new EOFException("the archive ends within a pax header");
    }
    return bytes;
  }

  /** The path of a pax header, whose records are {@code LENGTH KEY=VALUE\n}; empty if none. */
  private static String paxPath(String records) {
    for (String record : records.split("\n")) {
      int key = record.indexOf(" path=");
      if (key >= 0) {
        return record.substring(key + " path=".length());
      }
    }
    return "";
  }

  private static String name(byte[] header) {
    String prefix = text(header, 345, 155);
    String name = text(header, 0, 100);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String text(byte[] header, int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] header, int offset, int length) throws IOException {
    String digits = text(header, offset, length).strip();
    if (!digits.matches("[0-7]{0,12}")) {
      throw new IOException("a size of \"" + digits + "\" (expected: octal digits)");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }
}
