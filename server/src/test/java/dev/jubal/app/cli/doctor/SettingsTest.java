package dev.jubal.app.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References that lead nowhere are found before a start does. */
final class SettingsTest {
  @TempDir private Path folder;

  private List<Finding> findings(String settings, Map<String, String> environment)
      throws IOException {
    Files.writeString(folder.resolve("jubal.properties"), settings);
    return new Settings(folder, environment).findings();
  }

  @Test
  void aReferenceIsTriedAndItsValueNotShown() throws IOException {
    List<Finding> found =
        findings(
            "crypto.master-key=env:MASTER\n",
            Map.of("MASTER", "of-the-environment", "JUBAL_DATABASE_PASSWORD", "file:/not/there"));
    assertEquals(
        List.of("secret crypto.master-key", "secret jubal_database_password"),
        found.stream().map(Finding::what).sorted().toList());
    Finding master =
        found.stream().filter(f -> f.what().contains("master")).findFirst().orElseThrow();
    assertEquals(Finding.Status.OK, master.status());
    assertFalse(found.toString().contains("of-the-environment"));
    Finding password =
        found.stream().filter(f -> f.what().contains("password")).findFirst().orElseThrow();
    assertEquals(Finding.Status.MISSING, password.status());
    assertTrue(password.seen().contains("cannot be read"), password.seen());
  }

  @Test
  void aPostgresqlNeedsItsTools() throws IOException {
    Finding tool =
        findings("database.url=jdbc:postgresql://127.0.0.1:1/jubal\n", Map.of("PATH", "/nowhere"))
            .getFirst();
    assertEquals("pg_dump", tool.what());
    assertEquals(List.of(), findings("", Map.of()));
    assertEquals(Finding.Status.MISSING, findings("a=\\uZZ\n", Map.of()).getFirst().status());
  }
}
