package dev.jubal.bench.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageTest {
  private static final String EMPTY =
      """
      before
      <!-- measured: a -->
      old
      <!-- end: a -->
      between
      <!-- measured: b -->
      <!-- end: b -->
      """;

  @TempDir private Path folder;

  @Test
  void replacesWhatWasMeasuredAndLeavesTheRest() throws IOException {
    Path file = Files.writeString(folder.resolve("page.md"), EMPTY);
    Page page = new Page();
    page.put("a", "new");
    page.write(file);
    page.write(file);
    assertEquals(EMPTY.replace("old", "new"), Files.readString(file));
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
