package dev.jubal.bench.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageTest {
  @TempDir private Path folder;

  @Test
  void replacesWhatWasMeasuredAndLeavesTheRest() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("page.md"),
            "before\n<!-- measured: a -->\nold\n<!-- end: a -->\nbetween\n"
                + "<!-- measured: b -->\n<!-- end: b -->\n");
    Page page = new Page();
    page.put("a", "new");
    page.write(file);
    page.write(file);
    assertEquals(
        "before\n<!-- measured: a -->\nnew\n<!-- end: a -->\nbetween\n"
            + "<!-- measured: b -->\n<!-- end: b -->\n",
        Files.readString(file));
  }

  @Test
  void refusesAPageWithoutAPlace() throws IOException {
    Path file = Files.writeString(folder.resolve("page.md"), "nothing here\n");
    Page page = new Page();
    page.put("a", "new");
    assertThrows(IOException.class, () -> page.write(file));
    assertEquals("nothing here\n", Files.readString(file));
  }
}
