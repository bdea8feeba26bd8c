package dev.jubal.llama.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      List<String> head =
          lines.limit(HEAD).filter(line -> line.startsWith("#  ")).map(CrashReport::text).toList();
      return head.stream().filter(line -> !line.isEmpty()).collect(Collectors.joining("; "));
    } catch (IOException e) {
      return "";
    }
  }

  private static String text(String line) {
    return line.substring(1).strip();
  }
}
