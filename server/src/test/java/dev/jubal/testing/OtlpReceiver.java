package dev.jubal.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * A collector: takes traces by OTLP in protobuf over HTTP and reads them by the field numbers of
 * opentelemetry/proto/trace/v1/trace.proto, whose generated classes want another protobuf than
 * ours.
 */
public final class OtlpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<Map<String, Object>> resources = new CopyOnWriteArrayList<>();
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile Mood mood = Mood.TAKES;

  /** How it answers. */
  public enum Mood {
    TAKES,
    REFUSES,
    /** Until it is closed. */
    HANGS
  }

  /**
   * A span.
   *
   * @param parentId empty for none
   * @param kind 1 internal, 2 server, 5 consumer
   * @param status 0 unset, 2 error
   * @param events their names
   */
  public record Span(
      String traceId,
      String spanId,
      String parentId,
      String name,
      long kind,
      long start,
      long end,
      Map<String, Object> attributes,
      long status,
      List<String> events) {}

  public OtlpReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public void mood(Mood other) {
    mood = other;
  }

  public List<Span> spans() {
    return spans;
  }

  /** The attributes of the resource of each batch. */
  public List<Map<String, Object>> resources() {
    return resources;
  }

  public List<String> paths() {
    return paths;
  }

  public List<String> authorizations() {
    return authorizations;
  }

  private void take(HttpExchange call) throws IOException {
    paths.add(call.getRequestURI().getPath());
    String authorization = call.getRequestHeaders().getFirst("authorization");
    if (authorization != null) {
      authorizations.add(authorization);
    }
    byte[] body;
    try (InputStream in = call.getRequestBody()) {
      boolean zipped = "gzip".equals(call.getRequestHeaders().getFirst("content-encoding"));
      body = zipped ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
    }
    switch (mood) {
      case TAKES -> {
        read(UnknownFieldSet.parseFrom(body));
        call.getResponseHeaders().set("content-type", "application/x-protobuf");
        call.sendResponseHeaders(200, -1);
      }
      case REFUSES -> call.sendResponseHeaders(400, -1);
      case HANGS -> hang();
    }
    call.close();
  }

  private void hang() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(UnknownFieldSet request) {
    for (UnknownFieldSet of : messages(request, 1)) {
      messages(of, 1).forEach(resource -> resources.add(attributes(resource, 1)));
      for (UnknownFieldSet scope : messages(of, 2)) {
        messages(scope, 2).forEach(span -> spans.add(span(span)));
      }
    }
  }

  private static Span span(UnknownFieldSet s) {
    long status =
        messages(s, 15).stream()
            .flatMap(m -> m.getField(3).getVarintList().stream())
            .findFirst()
            .orElse(0L);
    return new Span(
        hex(s, 1),
        hex(s, 2),
        hex(s, 4),
        text(s, 5),
        s.getField(6).getVarintList().getFirst(),
        s.getField(7).getFixed64List().getFirst(),
        s.getField(8).getFixed64List().getFirst(),
        attributes(s, 9),
        status,
        messages(s, 11).stream().map(e -> text(e, 2)).toList());
  }

  private static String hex(UnknownFieldSet of, int field) {
    List<ByteString> values = of.getField(field).getLengthDelimitedList();
    return values.isEmpty() ? "" : HexFormat.of().formatHex(values.getFirst().toByteArray());
  }

  private static String text(UnknownFieldSet of, int field) {
    List<ByteString> values = of.getField(field).getLengthDelimitedList();
    return values.isEmpty() ? "" : values.getFirst().toStringUtf8();
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet of, int field) {
    return of.getField(field).getLengthDelimitedList().stream().map(OtlpReceiver::parse).toList();
  }

  private static UnknownFieldSet parse(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> attributes(UnknownFieldSet of, int field) {
    Map<String, Object> all = new LinkedHashMap<>();
    messages(of, field)
        .forEach(pair -> all.put(text(pair, 1), value(messages(pair, 2).getFirst())));
    return all;
  }

  private static Object value(UnknownFieldSet any) {
    if (any.hasField(1)) {
      return text(any, 1);
    }
    if (any.hasField(2)) {
      return any.getField(2).getVarintList().getFirst() != 0;
    }
    if (any.hasField(3)) {
      return any.getField(3).getVarintList().getFirst();
    }
    if (any.hasField(4)) {
      return Double.longBitsToDouble(any.getField(4).getFixed64List().getFirst());
    }
    if (any.hasField(5)) {
      return messages(messages(any, 5).getFirst(), 1).stream().map(OtlpReceiver::value).toList();
    }
    throw new IllegalStateException("an attribute of a kind we never send: " + any);
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
