package dev.jubal.bench.server;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks a server the same question again and again: of chat over HTTP/1.1, or over gRPC. */
public final class Caller {
  private final WebClient client;
  private final Asked asked;
  private final String key;

  private Caller(WebClient client, Asked asked, String key) {
    this.client = client;
    this.asked = asked;
    this.key = key;
  }

  /** One that asks a server on the loopback, with a key. */
  public static Caller of(int port, String key, boolean grpc) {
    Asked asked =
        Asked.all(Work.UNARY).stream()
            .filter(a -> a.name().equals(grpc ? "grpc" : "chat"))
            .findFirst()
            .orElseThrow();
    String scheme = grpc ? "h2c" : "h1c";
    WebClient client =
        WebClient.builder(scheme + "://127.0.0.1:" + port).responseTimeoutMillis(30_000).build();
    return new Caller(client, asked, key);
  }

  /** The script that answers it. */
  public static byte[] script() {
    return Work.script();
  }

  /** Asks so often, one after the other; says the median of the times, in microseconds. */
  public double alone(int times) throws IOException {
    double[] micros = new double[times];
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      joined(ask());
      micros[i] = (System.nanoTime() - start) / 1e3;
    }
    Arrays.sort(micros);
    return micros[times / 2];
  }

  /** Asks so often in all, always so many at once. */
  public void crowd(int atOnce, int requests) throws IOException {
    AtomicInteger left = new AtomicInteger(requests - atOnce);
    CompletableFuture<?>[] all = new CompletableFuture<?>[atOnce];
    for (int i = 0; i < atOnce; i++) {
      all[i] = next(left);
    }
    joined(CompletableFuture.allOf(all));
  }

  private CompletableFuture<Boolean> next(AtomicInteger left) {
    // another thread, as answers that are there at once would nest without end
    return ask()
        .thenComposeAsync(
            done ->
                left.getAndDecrement() > 0 ? next(left) : CompletableFuture.completedFuture(done));
  }

  private CompletableFuture<Boolean> ask() {
    return client
        .execute(asked.request(asked.path(), key))
        .aggregate()
        .thenApply(
            answer -> {
              check(answer);
              return true;
            });
  }

  private void check(AggregatedHttpResponse answer) {
    String grpc = answer.trailers().get("grpc-status", answer.headers().get("grpc-status", "0"));
    if (!answer.status().equals(HttpStatus.OK) || !grpc.equals("0")) {
      throw new IllegalStateException(
          asked.name() + ": " + answer.headers() + " " + answer.contentUtf8());
    }
  }

  private static void joined(CompletableFuture<?> future) throws IOException {
    try {
      var _ = future.join();
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }
}
