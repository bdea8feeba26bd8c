package dev.jubal.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A table as Markdown writes it. */
public final class Markdown {
  private final int columns;
  private final List<String> lines = new ArrayList<>();

  /** A table with these headings; every column but the first is set to the right. */
  public Markdown(String... headings) {
    this.columns = headings.length;
    lines.add(line(headings));
    StringBuilder rule = new StringBuilder("|---|");
    lines.add(rule.repeat("--:|", columns - 1).toString());
  }

  /** Adds a row of as many cells as there are headings. */
  public Markdown row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException("cells: " + cells.length + " (expected: " + columns + ")");
    }
    lines.add(line(cells));
    return this;
  }

  /** Its lines, without a line end after the last. */
  public String text() {
    return String.join("\n", lines);
  }

  private static String line(String... cells) {
    StringJoiner line = new StringJoiner(" | ", "| ", " |");
    for (String cell : cells) {
      line.add(cell);
    }
    return line.toString();
  }
}
