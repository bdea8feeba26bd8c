package dev.jubal.bench.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The measured stretches of a Markdown page, each between two comments that name it; what stands
 * around them is written by hand and stays.
 */
final class Page {
  private final Map<String, String> sections = new LinkedHashMap<>();

  /** Sets what a stretch says. */
  void put(String name, String text) {
    sections.put(name, text);
  }

  /** All stretches, as they would stand in the page. */
  String text() {
    return String.join("\n\n", sections.values());
  }

  /**
   * Replaces the stretches of a page that were measured now.
   *
   * @throws IOException if the page lacks the comments of one of them
   */
  void write(Path page) throws IOException {
    String text = Files.readString(page);
    for (Map.Entry<String, String> section : sections.entrySet()) {
      text = replaced(page, text, section.getKey(), section.getValue());
    }
    Files.writeString(page, text);
  }

  private static String replaced(Path page, String text, String name, String section)
      throws IOException {
    String begin = "<!-- measured: " + name + " -->\n";
    String end = "<!-- end: " + name + " -->";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(
          page
              + " has no place for \""
              + name
              + "\" (expected: "
              + begin.strip()
              + " ... "
              + end
              + ").");
    }
    return text.substring(0, from + begin.length()) + section + "\n" + text.substring(to);
  }
}
