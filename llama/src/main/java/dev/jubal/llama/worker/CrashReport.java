package dev.jubal.llama.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The report that a JVM leaves when native code brings it down. */
final class CrashReport {
  private static final int HEAD = 30;

  private CrashReport() {}

  /** Signal and problematic frame on one line; empty if there is no report. */
  static String summary(Path file) {
    if (!Files.exists(file)) {
      return "";
    }
    try (Stream<String> all = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      List<String> lines = all.limit(HEAD).filter(line -> line.startsWith("#")).toList();
      int frame = lines.indexOf("# Problematic frame:") + 1;
      String place = frame == 0 || frame == lines.size() ? "" : " in " + text(lines.get(frame));
      return lines.stream()
          .filter(line -> line.startsWith("#  "))
          .findFirst()
          .map(line -> text(line) + place)
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  private static String text(String line) {
    return line.substring(1).strip();
  }
}
