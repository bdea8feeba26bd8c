package dev.jubal.bench.server;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpStatus;
import dev.jubal.bench.process.Child;
import dev.jubal.bench.report.Medians;
import dev.jubal.bench.report.Report;
import dev.jubal.bench.server.BareServer.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/**
 * What each dialect adds to a request, beside chat: one connection, one request after the other,
 * the dialects in an order drawn anew each round, each against recorded answers of the same bytes
 * from a bare handler. All speak HTTP/2 in plain text, which gRPC needs, so that they differ in
 * nothing else.
 */
final class DialectContest {
  /** The bar: no dialect may add more than this, as a multiple of what chat adds. */
  private static final double MOST = 1.3;

  private static final int WARMING_AT_ONCE = 16;

  private static final Set<String> FRAMING = Set.of("transfer-encoding", "connection");

  private final Report report;
  private final ServerUnderTest server;
  private final Path folder;
  private final int rounds;
  private final int warming;
  private final Random random = new Random(7);

  private DialectContest(Report report, ServerUnderTest server, Path folder, boolean quick) {
    this.report = report;
    this.server = server;
    this.folder = folder;
    this.rounds = quick ? 500 : 3000;
    this.warming = quick ? 5000 : 20_000;
  }

  static void run(Report report, ServerUnderTest server, Path folder, boolean quick)
      throws IOException {
    DialectContest contest = new DialectContest(report, server, folder, quick);
    contest.measure("unary", Work.UNARY);
    contest.measure("stream", Work.BURST);
  }

  private void measure(String name, Work work) throws IOException {
    List<Asked> dialects = Asked.all(work);
    WebClient ours = client(server.port());
    List<Recording> recordings = new ArrayList<>();
    for (Asked asked : dialects) {
      recordings.add(record(ours, asked));
    }
    try (Child child = BareServer.start(folder, recordings)) {
      WebClient bare = client(BareServer.port(child));
      double[][] with = new double[dialects.size()][rounds];
      double[][] without = new double[dialects.size()][rounds];
      List<Integer> order = new ArrayList<>();
      IntStream.range(0, dialects.size()).forEach(order::add);
      warm(ours, bare, dialects);
      for (int round = 0; round < rounds; round++) {
        Collections.shuffle(order, random);
        for (int d : order) {
          Asked asked = dialects.get(d);
          double mine = micros(ours, asked, asked.path());
          double theirs = micros(bare, asked, asked.bare());
          with[d][round] = mine;
          without[d][round] = theirs;
        }
      }
      double[] added =
          IntStream.range(0, dialects.size())
              .mapToDouble(d -> Medians.of(with[d]) - Medians.of(without[d]))
              .toArray();
      say(name, dialects, added);
    }
  }

  /**
   * As often for each dialect that its own code is compiled to the end, as it is in a server that
   * has run for some minutes: what the JSON dialects share is so after a part of it.
   */
  private void warm(WebClient ours, WebClient bare, List<Asked> dialects) {
    Semaphore open = new Semaphore(WARMING_AT_ONCE);
    for (int i = 0; i < warming; i++) {
      for (Asked asked : dialects) {
        for (Map.Entry<WebClient, String> at :
            List.of(Map.entry(ours, asked.path()), Map.entry(bare, asked.bare()))) {
          open.acquireUninterruptibly();
          var _ =
              at.getKey()
                  .execute(asked.request(at.getValue(), server.key()))
                  .aggregate()
                  .whenComplete((answer, failure) -> open.release());
        }
      }
    }
    open.acquireUninterruptibly(WARMING_AT_ONCE);
  }

  private void say(String name, List<Asked> dialects, double[] added) {
    double chat = added[0];
    for (int d = 0; d < dialects.size(); d++) {
      String dialect = "dialect." + name + "." + dialects.get(d).name();
      report.lower(dialect + ".added.p50", added[d], "us");
      if (d > 0) {
        report.below(dialect + ".to_chat", added[d] / chat, "x", MOST);
      }
    }
  }

  private static WebClient client(int port) {
    return WebClient.builder("h2c://127.0.0.1:" + port).responseTimeoutMillis(30_000).build();
  }

  private Recording record(WebClient client, Asked asked) throws IOException {
    AggregatedHttpResponse answer = ask(client, asked, asked.path());
    return new Recording(
        asked.bare(),
        flat(answer.headers()),
        asked.frames(answer),
        flat(answer.trailers()),
        0,
        0,
        0);
  }

  private static List<String> flat(HttpHeaders headers) {
    List<String> flat = new ArrayList<>();
    headers.forEach(
        (name, value) -> {
          String text = name.toString();
          if (!text.startsWith(":") && !FRAMING.contains(text)) {
            flat.addAll(List.of(text, value));
          }
        });
    return flat;
  }

  private AggregatedHttpResponse ask(WebClient client, Asked asked, String path)
      throws IOException {
    AggregatedHttpResponse answer =
        client.execute(asked.request(path, server.key())).aggregate().join();
    String grpc = answer.trailers().get("grpc-status", answer.headers().get("grpc-status", "0"));
    if (!answer.status().equals(HttpStatus.OK) || !grpc.equals("0")) {
      throw new IOException(asked.name() + ": " + answer.headers() + " " + answer.contentUtf8());
    }
    return answer;
  }

  /** Microseconds from a request to the last byte of its answer. */
  private double micros(WebClient client, Asked asked, String path) throws IOException {
    long start = System.nanoTime();
    var _ = ask(client, asked, path);
    return (System.nanoTime() - start) / 1e3;
  }
}
