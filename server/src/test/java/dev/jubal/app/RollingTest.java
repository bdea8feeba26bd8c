package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Clients;
import dev.jubal.testing.Http;
import dev.jubal.testing.ReadyProxy;
import dev.jubal.testing.ServerProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, each with its own data folder, are replaced in turn behind a proxy under load. */
class RollingTest {
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"a\",\"times\":10,\"every_ms\":20}]}]}";
  private static final String BODY =
      "{\"model\":\"grok-4\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private final AtomicInteger good = new AtomicInteger();
  @TempDir private Path folder = Path.of("");

  @Test
  void aRollLosesNoRequest() throws Exception {
    String key = key("one");
    // the same key works at both: the second folder starts as a copy of the first
    copyKeys();
    ServerProcess one = start("one");
    ServerProcess two = start("two");
    try (ReadyProxy proxy = new ReadyProxy(List.of(one.port(), two.port()))) {
      Http http = new Http(proxy.port(), key);
      Clients clients = Clients.start(6, _ -> asked(http));
      awaitMore(clients);
      one.terminate();
      assertTrue(one.awaitEnd());
      awaitMore(clients);
      one = start("one");
      proxy.set(0, one.port());
      awaitMore(clients);
      two.terminate();
      assertTrue(two.awaitEnd());
      awaitMore(clients);
      clients.end();
    } finally {
      one.close();
      two.close();
    }
  }

  private void awaitMore(Clients clients) {
    int target = good.get() + 20;
    clients.until("more answers", () -> good.get() >= target);
  }

  private boolean asked(Http http) throws Exception {
    HttpResponse<String> r = http.post("/v1/chat/completions", BODY);
    assertEquals(200, r.statusCode(), r.body());
    assertTrue(r.body().endsWith("data: [DONE]\n\n"), r.body());
    good.incrementAndGet();
    return true;
  }

  private ServerProcess start(String name) throws IOException {
    Path script = folder.resolve("script.json");
    Files.writeString(script, SCRIPT);
    return ServerProcess.start(
        folder.resolve(name), "--models.script=" + script, "--drain-delay=1s");
  }

  private String key(String name) {
    try (Database database = Database.open(folder.resolve(name))) {
      return new KeyStore(database, InstantSource.system())
          .create("load", List.of("api-key:model:*", "api-key:endpoint:*"), Optional.empty())
          .secret()
          .reveal();
    }
  }

  private void copyKeys() throws IOException {
    Files.createDirectories(folder.resolve("two"));
    Files.copy(folder.resolve("one/jubal.db"), folder.resolve("two/jubal.db"));
  }
}
