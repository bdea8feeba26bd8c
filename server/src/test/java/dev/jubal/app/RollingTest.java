package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers, each with its own data folder, are replaced in turn behind a proxy under load. */
class RollingTest {
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"a\",\"times\":10,\"every_ms\":20}]}]}";
  private static final String BODY =
      "{\"model\":\"grok-4\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger good = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
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
      List<Thread> clients =
          IntStream.range(0, 6).mapToObj(n -> Thread.ofVirtual().start(() -> load(http))).toList();
      awaitMore(20);
      one.terminate();
      assertTrue(one.awaitEnd());
      awaitMore(20);
      one = start("one");
      proxy.set(0, one.port());
      awaitMore(20);
      two.terminate();
      assertTrue(two.awaitEnd());
      awaitMore(20);
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
    } finally {
      one.close();
      two.close();
    }
    assertEquals(List.of(), List.copyOf(failures));
  }

  private void awaitMore(int answers) {
    int target = good.get() + answers;
    Await.until("more answers", () -> good.get() >= target || !failures.isEmpty());
  }

  private void load(Http http) {
    while (!over.get() && failures.isEmpty()) {
      try {
        HttpResponse<String> r = http.post("/v1/chat/completions", BODY);
        if (r.statusCode() == 200 && r.body().endsWith("data: [DONE]\n\n")) {
          good.incrementAndGet();
        } else {
          failures.add(r.statusCode() + " " + r.body());
        }
      } catch (IOException e) {
        failures.add(e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
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
