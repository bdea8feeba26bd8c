package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.Clients;
import dev.jubal.testing.Commands;
import dev.jubal.testing.Commands.Said;
import dev.jubal.testing.Http;
import dev.jubal.testing.Leaks;
import dev.jubal.testing.ServerProcess;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * backup, restore, export and apply as processes beside a server under load: what was settled
 * before a backup began is in it, once; what a file says holds in the running server.
 */
final class CommandsUnderLoadTest {
  private static final int CLIENTS = 6;
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"a\",\"times\":4,\"every_ms\":1}]}]}";
  private static final String BODY =
      "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @TempDir private Path folder;

  private final Set<String> complete = ConcurrentHashMap.newKeySet();

  private Path data() {
    return folder.resolve("data");
  }

  /** The password stands in the environment, and the settings refer to it. */
  private Commands commands(DatabaseConfig config) throws IOException {
    Files.createDirectories(data());
    if (config.url().isEmpty()) {
      return new Commands(data(), Map.of());
    }
    Path password =
        Files.writeString(
            folder.resolve("password"), config.password().orElseThrow().reveal() + "\n");
    Files.writeString(
        data().resolve("jubal.properties"),
        "database.url="
            + config.url().get()
            + "\ndatabase.user="
            + config.user().orElseThrow()
            + "\ndatabase.password=file:"
            + password
            + "\n");
    return new Commands(data(), Map.of());
  }

  private ServerProcess serve() throws IOException {
    Path script = Files.writeString(folder.resolve("script.json"), SCRIPT);
    return ServerProcess.start(data(), "--models.script=" + script, "--server.drain-delay=0s");
  }

  private Clients clients(Http http) {
    return Clients.start(
        CLIENTS,
        _ -> {
          HttpResponse<String> r = http.post("/v1/chat/completions", BODY);
          assertEquals(200, r.statusCode(), r.body());
          complete.add(r.headers().firstValue("x-request-id").orElseThrow());
          return true;
        });
  }

  @ParameterizedTest
  @EnumSource
  void aBackupUnderLoadComesBackWhole(Stores on) throws Exception {
    DatabaseConfig config = on.config(data().toAbsolutePath().normalize());
    Commands jubal = commands(config);
    String key = jubal.run("key", "create", "load").ok().strip();
    Path copy = folder.resolve("copy");
    Set<String> before;
    try (ServerProcess server = serve()) {
      Clients clients = clients(new Http(server.port(), key));
      clients.until("answers: " + server.log(), () -> complete.size() > 50);
      before = Set.copyOf(complete);
      jubal.run("backup", copy.toString()).ok();
      assertEquals("rw-------", mode(copy));
      assertTrue(jubal.run("backup", copy.toString()).err().contains("already"));
      Said refused = jubal.run("restore", copy.toString());
      assertEquals(1, refused.status());
      assertTrue(
          refused.err().contains("in use by another Jubal server")
              || refused.err().contains("connections of Jubal servers"),
          refused.err());
      int during = complete.size();
      clients.until("the load went on", () -> complete.size() > during);
      clients.end();
      server.terminate();
      assertTrue(server.awaitEnd());
    }
    jubal.run("team", "set", "default", "--name", "renamed").ok();
    jubal.run("restore", copy.toString()).ok();
    assertTrue(jubal.run("team", "list").ok().contains("default"));
    assertTrue(Files.isDirectory(data().resolve("backups")));
    try (Database database = Database.open(data(), config)) {
      LedgerReader reader = new LedgerReader(database);
      before.forEach(id -> assertTrue(reader.find(id).orElseThrow().settled().isPresent(), id));
    }
    jubal.run("ledger", "verify").ok();
    try (ServerProcess server = serve()) {
      HttpResponse<String> r = new Http(server.port(), key).post("/v1/chat/completions", BODY);
      assertEquals(200, r.statusCode(), r.body());
    }
    damaged(jubal, copy);
    System.out.printf(
        "%s: %d answers before the backup, %d in all; a copy of %d KB%n",
        on, before.size(), complete.size(), Files.size(copy) >> 10);
    assertEquals(List.of(), Leaks.in(folder.resolve("copy"), key));
  }

  private static void damaged(Commands jubal, Path copy) throws Exception {
    byte[] bytes = Files.readAllBytes(copy);
    bytes[bytes.length / 2] ^= 1;
    Files.write(copy, bytes);
    Said refused = jubal.run("restore", copy.toString());
    assertEquals(1, refused.status());
    assertTrue(refused.err().contains("was changed or is not whole"), refused.err());
    jubal.run("ledger", "verify").ok();
  }

  private static String mode(Path file) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }

  @ParameterizedTest
  @EnumSource
  void aFileIsAppliedUnderLoadAndHoldsAtOnce(Stores on) throws Exception {
    Commands jubal = commands(on.config(data().toAbsolutePath().normalize()));
    String key = jubal.run("key", "create", "load").ok().strip();
    try (ServerProcess server = serve()) {
      Clients clients = clients(new Http(server.port(), key));
      clients.until("answers: " + server.log(), () -> complete.size() > 20);
      String now = jubal.run("export").ok();
      Path same = Files.writeString(folder.resolve("same.yaml"), now);
      assertEquals(0, jubal.run("apply", "-f", same.toString(), "--dry-run", "--prune").status());
      Path file =
          Files.writeString(
              folder.resolve("jubal.yaml"),
              """
              version: 1
              teams:
                - name: default
                  users:
                    - {name: owner, keys: [{name: new, acls: ["api-key:model:*", "api-key:endpoint:*"], secret: generate}]}
                  limits: [{scope: team, limit: requests_per_day, most: 0}]
                - {name: other, users: [{name: ann, keys: [{name: ci, acls: ["api-key:model:*", "api-key:endpoint:*"], secret: generate}]}]}
              """);
      Said dry = jubal.run("apply", "-f", file.toString(), "--dry-run");
      assertEquals(3, dry.status(), dry.err());
      assertFalse(dry.out().contains("xai-"), dry.out());
      assertEquals(now, jubal.run("export").ok());
      clients.end();
      String done = jubal.run("apply", "-f", file.toString()).ok();
      // the process ended; the change is older than that
      long applied = System.nanoTime();
      Http owner = new Http(server.port(), key);
      Await.until("the limit holds", () -> status(owner) == 429);
      long millis = (System.nanoTime() - applied) / 1_000_000;
      System.out.printf("%s: an applied limit held after %d ms at most%n", on, millis);
      String ci = done.lines().filter(l -> l.contains("keys[ci]  xai-")).findFirst().orElseThrow();
      assertEquals(200, status(new Http(server.port(), ci.replaceAll(".* ", ""))));
      assertEquals(0, jubal.run("apply", "-f", file.toString(), "--dry-run").status());
      assertEquals(1, jubal.run("apply", "-f", folder.resolve("none").toString()).status());
      assertEquals(2, jubal.run("apply").status());
    }
  }

  private static int status(Http http) {
    try {
      return http.post("/v1/chat/completions", BODY).statusCode();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
