package dev.jubal.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OtlpReceiver;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A collector that is not there, refuses or hangs costs spans and nothing else. */
final class DeadCollectorTest {
  private static final String TALKS = "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}";
  private static final String BODY =
      "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static double spans(JubalServer server, String outcome) {
    String all = server.metrics();
    String name = "jubal_trace_spans_total{outcome=\"" + outcome + "\"} ";
    int at = all.indexOf(name);
    assertTrue(at >= 0, all);
    return Double.parseDouble(all.substring(at + name.length(), all.indexOf('\n', at)));
  }

  private static void answers(JubalServer server, int count) {
    for (int i = 0; i < count; i++) {
      assertEquals(200, status(server));
    }
  }

  private static int status(JubalServer server) {
    try {
      return server.http().post("/v1/chat/completions", BODY).statusCode();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void oneThatIsNotThereLosesSpansAndSaysSo() throws Exception {
    int port;
    try (OtlpReceiver gone = new OtlpReceiver()) {
      port = gone.port();
    }
    try (JubalServer server =
        JubalServer.scripted(
            TALKS,
            "telemetry.otlp.endpoint",
            "http://127.0.0.1:" + port,
            "telemetry.otlp.timeout",
            "200ms")) {
      answers(server, 3);
      Await.until("lost spans are counted", () -> spans(server, "failed") > 0);
      assertEquals(0, spans(server, "exported"));
    }
  }

  @Test
  void oneThatRefusesLosesThemToo() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server =
            JubalServer.scripted(TALKS, "telemetry.otlp.endpoint", collector.url())) {
      collector.mood(OtlpReceiver.Mood.REFUSES);
      answers(server, 1);
      Await.until("lost spans are counted", () -> spans(server, "failed") > 0);
      collector.mood(OtlpReceiver.Mood.TAKES);
      answers(server, 1);
      Await.until("and later ones arrive", () -> spans(server, "exported") > 0);
    }
  }

  @Test
  void oneThatHangsHoldsUpNoRequestAndNoEnd() throws Exception {
    OtlpReceiver collector = new OtlpReceiver();
    collector.mood(OtlpReceiver.Mood.HANGS);
    try (collector) {
      JubalServer server =
          JubalServer.scripted(
              TALKS,
              "telemetry.otlp.endpoint",
              collector.url(),
              "telemetry.otlp.timeout",
              "1h",
              "telemetry.otlp.queue",
              "20");
      long start = System.nanoTime();
      try (server) {
        Await.until(
            "what finds no place is counted",
            () -> {
              answers(server, 10); // ten spans each; one batch of them goes, and hangs
              return spans(server, "dropped") > 100;
            });
        start = System.nanoTime();
      }
      Duration end = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(end.compareTo(Duration.ofSeconds(15)) < 0, "the end took " + end);
    }
  }
}
