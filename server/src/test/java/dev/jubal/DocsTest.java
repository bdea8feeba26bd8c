package dev.jubal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.app.Config;
import dev.jubal.docs.ConfigurationPage;
import dev.jubal.docs.EndpointsPage;
import dev.jubal.docs.ErrorsPage;
import dev.jubal.docs.LicencesPage;
import dev.jubal.docs.ParityPage;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The generated pages are those the code makes now. {@code mvn -pl server -am test -Dtest=DocsTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dupdate.docs=true} writes them anew.
 */
final class DocsTest {
  private static final Path FOLDER = Path.of("../docs/generated");
  private static final boolean UPDATE = Boolean.getBoolean("update.docs");

  @Test
  void errors() throws IOException {
    page("errors.md", ErrorsPage.text());
  }

  @Test
  void configuration() throws IOException {
    page("configuration.md", ConfigurationPage.text(Config.class));
  }

  @Test
  void licences() throws IOException {
    page("licences.md", LicencesPage.text(System.getProperty("java.class.path")));
  }

  @Test
  void endpoints() throws Exception {
    try (JubalServer server =
        JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}")) {
      String document = server.http("").get("/openapi.json").body();
      page("endpoints.md", EndpointsPage.text(Json.mapper().readTree(document)));
    }
  }

  @Test
  void parity() throws IOException {
    try (ScriptedServer server = new ScriptedServer(new OpenAiErrors())) {
      page("parity.md", ParityPage.text(server.rpcs(), server.routes()));
    }
  }

  private static void page(String name, String body) throws IOException {
    String text = "<!-- Made by DocsTest: change the code, not this page. -->\n" + body;
    Path file = FOLDER.resolve(name);
    if (UPDATE) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, text);
    }
    assertEquals(
        text,
        Files.exists(file) ? Files.readString(file) : "",
        file + " is not what the code says now; run DocsTest with -Dupdate.docs=true");
  }
}
