package dev.jubal.docs;

import java.util.Collections;
import java.util.List;

/** A table in Markdown. */
final class Table {
  private final StringBuilder text = new StringBuilder();
  private final int columns;

  Table(String... heads) {
    this.columns = heads.length;
    line(List.of(heads));
    line(Collections.nCopies(columns, "---"));
  }

  Table row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(cells.length + " cells (expected: " + columns + ")");
    }
    line(List.of(cells));
    return this;
  }

  private void line(List<String> cells) {
    cells.forEach(c -> text.append("| ").append(c.replace("|", "\\|").strip()).append(' '));
    text.append("|\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
