package dev.jubal.bench.server;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jubal.platform.json.Json;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The least a handler on the same HTTP stack can do: reads the body, looks at none of it, and
 * writes recorded bytes from the event loop. A process of its own; its argument is a file of {@link
 * Recording}s.
 */
final class BareServer {
  private BareServer() {}

  /**
   * An answer of the real server.
   *
   * @param path where the bare one gives it
   * @param headers of the answer, name and value in turn
   * @param frames of the body
   * @param delayMillis before the first frame
   * @param everyMillis from one frame to the next, for the first {@code paced} ones
   */
  record Recording(
      String path,
      List<String> headers,
      List<String> frames,
      int delayMillis,
      int everyMillis,
      int paced) {}

  record Recordings(List<Recording> all) {}

  public static void main(String[] args) throws IOException {
    Recordings recordings =
        Json.mapper().readValue(Files.readAllBytes(Path.of(args[0])), Recordings.class);
    var builder =
        Server.builder()
            .localPort(0, com.linecorp.armeria.common.SessionProtocol.HTTP)
            .requestTimeout(Duration.ZERO)
            .maxRequestLength(0)
            .childChannelOption(ChannelOption.TCP_NODELAY, true)
            .disableServerHeader()
            .disableDateHeader();
    for (Recording recording : recordings.all()) {
      Replay replay = new Replay(recording);
      builder.service(recording.path(), replay::serve);
    }
    Server server = builder.build();
    server.start().join();
    System.out.println("port " + server.activeLocalPort());
  }

  /** Gives one recording to each request. */
  private static final class Replay {
    private final Recording recording;
    private final ResponseHeaders head;
    private final List<HttpData> frames;

    Replay(Recording recording) {
      this.recording = recording;
      ResponseHeadersBuilder builder = ResponseHeaders.builder(200);
      for (int i = 0; i < recording.headers().size(); i += 2) {
        builder.add(recording.headers().get(i), recording.headers().get(i + 1));
      }
      this.head = builder.build();
      this.frames = recording.frames().stream().map(HttpData::ofUtf8).toList();
    }

    HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
      HttpResponseWriter writer = HttpResponse.streaming();
      ScheduledExecutorService loop = ctx.eventLoop();
      var _ =
          request
              .aggregate()
              .thenAccept(
                  body ->
                      after(loop, 1_000_000L * recording.delayMillis(), () -> begin(loop, writer)));
      return writer;
    }

    private void begin(ScheduledExecutorService loop, HttpResponseWriter writer) {
      writer.write(head);
      frame(loop, writer, 0, System.nanoTime());
    }

    private void frame(
        ScheduledExecutorService loop, HttpResponseWriter writer, int i, long start) {
      writer.write(frames.get(i));
      int next = i + 1;
      if (next == frames.size()) {
        writer.close();
        return;
      }
      long due =
          next < recording.paced()
              ? start + 1_000_000L * recording.everyMillis() * next - System.nanoTime()
              : 0;
      after(loop, due, () -> frame(loop, writer, next, start));
    }

    private static void after(ScheduledExecutorService loop, long nanos, Runnable action) {
      if (nanos <= 0) {
        action.run();
      } else {
        var _ = loop.schedule(action, nanos, TimeUnit.NANOSECONDS);
      }
    }
  }
}
