package dev.jubal.bench.server;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jubal.bench.process.Child;
import dev.jubal.platform.json.Json;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

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
   * @param trailers after it, name and value in turn; only over HTTP/2
   * @param delayMillis before the first frame
   * @param everyMillis from one frame to the next, for the first {@code paced} ones
   */
  record Recording(
      String path,
      List<String> headers,
      List<byte[]> frames,
      List<String> trailers,
      int delayMillis,
      int everyMillis,
      int paced) {}

  record Recordings(List<Recording> all) {}

  /** Starts one in a process of its own; its first line says {@code port N}. */
  static Child start(Path folder, List<Recording> recordings) throws IOException {
    Path file = folder.resolve("recordings.json");
    Files.write(file, Json.bytes(new Recordings(recordings)));
    List<String> command = new ArrayList<>(List.of(Launch.java(), "-Xmx256m"));
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BareServer.class.getName(), file.toString()));
    return Child.start(command);
  }

  /** The port that a started one says first. */
  static int port(Child bare) throws IOException {
    return Integer.parseInt(String.valueOf(bare.readLine()).replace("port ", ""));
  }

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
    private final HttpHeaders trailers;

    Replay(Recording recording) {
      this.recording = recording;
      ResponseHeadersBuilder builder = ResponseHeaders.builder(200);
      pairs(recording.headers(), builder::add);
      this.head = builder.build();
      this.frames = recording.frames().stream().map(HttpData::wrap).toList();
      HttpHeadersBuilder after = HttpHeaders.builder();
      pairs(recording.trailers(), after::add);
      this.trailers = after.build();
    }

    private static void pairs(List<String> flat, BiConsumer<String, String> add) {
      for (int i = 0; i < flat.size(); i += 2) {
        add.accept(flat.get(i), flat.get(i + 1));
      }
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
        if (!trailers.isEmpty()) {
          writer.write(trailers);
        }
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
