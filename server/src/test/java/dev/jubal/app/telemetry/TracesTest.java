package dev.jubal.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OtlpReceiver;
import dev.jubal.testing.OtlpReceiver.Span;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.WsClient;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Traces of a real server, as a collector gets them. */
final class TracesTest {
  private static final String TALKS =
      "{\"answers\":[{\"prompt_tokens\":10,\"cached_tokens\":4,"
          + "\"waits\":[{\"position\":3,\"for_ms\":1},{\"position\":1,\"for_ms\":1}],"
          + "\"steps\":[{\"reasoning\":\"Hm\"},{\"text\":\"Secretly\",\"times\":3}]}]}";
  private static final String LONG =
      "{\"answers\":[{\"prompt_tokens\":10,\"steps\":[{\"text\":\"a\",\"times\":4000}]}]}";
  private static final String CHAT = "/v1/chat/completions";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String TRACEPARENT = "00-" + TRACE + "-" + PARENT + "-01";

  private static JubalServer server(OtlpReceiver collector, String script) {
    return JubalServer.scripted(
        script,
        "telemetry.otlp.endpoint",
        collector.url(),
        "telemetry.otlp.headers",
        "authorization=Bearer%20collectors-own",
        "telemetry.service-name",
        "grok-here");
  }

  private static String body(boolean stream) {
    return "{\"model\":\"grok-4\",\"user\":\"ann\",\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"A question of mine\"}]}";
  }

  private static HttpRequest.Builder post(JubalServer server, String path, String body) {
    return server
        .http()
        .request(path)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static List<Span> await(OtlpReceiver collector, String root) {
    Await.until(
        "the trace of " + root + " arrives, of " + collector.spans(),
        () -> collector.spans().stream().anyMatch(s -> s.name().equals(root)));
    return collector.spans();
  }

  private static Span span(List<Span> spans, String name) {
    List<Span> found = spans.stream().filter(s -> s.name().equals(name)).toList();
    assertEquals(1, found.size(), name + " of " + spans);
    return found.getFirst();
  }

  private static List<String> children(List<Span> spans, Span of) {
    return spans.stream()
        .filter(s -> s.parentId().equals(of.spanId()))
        .sorted(Comparator.comparingLong(Span::start))
        .map(Span::name)
        .toList();
  }

  @Test
  void aRequestOverHttpHasASpanForEachStationWithinItsCallersTrace() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server = server(collector, TALKS)) {
      HttpResponse<String> answer =
          server.http().send(post(server, CHAT, body(false)).header("traceparent", TRACEPARENT));
      assertEquals(200, answer.statusCode(), answer.body());
      List<Span> spans = await(collector, "POST " + CHAT);
      assertTrue(spans.stream().allMatch(s -> s.traceId().equals(TRACE)), spans.toString());
      Span root = span(spans, "POST " + CHAT);
      assertEquals(PARENT, root.parentId());
      assertEquals(2, root.kind());
      assertEquals(200L, root.attributes().get("http.response.status_code"));
      assertEquals(CHAT, root.attributes().get("http.route"));
      assertEquals("127.0.0.1", root.attributes().get("server.address"));
      assertEquals((long) server.port(), root.attributes().get("server.port"));
      assertEquals(
          List.of("authenticate", "intake", "decode", "admit", "chat grok-4"),
          children(spans, root));
      Span made = span(spans, "chat grok-4");
      assertEquals(List.of("queue", "prompt", "generate", "settle"), children(spans, made));
      assertEquals("chat", made.attributes().get("gen_ai.operation.name"));
      assertEquals("grok-4", made.attributes().get("gen_ai.request.model"));
      assertEquals("grok-4", made.attributes().get("gen_ai.response.model"));
      assertEquals(10L, made.attributes().get("gen_ai.usage.input_tokens"));
      assertEquals(4L, made.attributes().get("gen_ai.usage.cache_read.input_tokens"));
      assertEquals(4L, made.attributes().get("gen_ai.usage.output_tokens"));
      assertEquals(1L, made.attributes().get("gen_ai.usage.reasoning.output_tokens"));
      assertEquals(List.of("stop"), made.attributes().get("gen_ai.response.finish_reasons"));
      assertEquals(
          answer.headers().firstValue("x-request-id").orElseThrow(),
          made.attributes().get("gen_ai.response.id"));
      assertEquals("127.0.0.1", made.attributes().get("server.address"));
      assertEquals(3L, span(spans, "queue").attributes().get("jubal.queue.position"));
      assertEquals(List.of("moved up"), span(spans, "queue").events());
      spans.forEach(s -> assertTrue(s.end() >= s.start() && s.start() > 0, s.toString()));
      assertEquals("grok-here", collector.resources().getFirst().get("service.name"));
      assertEquals(List.of("/v1/traces"), collector.paths().stream().distinct().toList());
      assertEquals("Bearer collectors-own", collector.authorizations().getFirst());
      String all = spans.toString();
      assertFalse(all.contains("question") || all.contains("Secretly") || all.contains("ann"), all);
      assertFalse(all.contains(server.key()), all);
    }
  }

  @Test
  void aStreamHasTheSameStations() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server = server(collector, TALKS)) {
      server.http().send(post(server, CHAT, body(true)));
      List<Span> spans = await(collector, "POST " + CHAT);
      Span root = span(spans, "POST " + CHAT);
      assertEquals("", root.parentId());
      assertEquals(32, root.traceId().length());
      assertEquals(
          List.of("queue", "prompt", "generate", "settle"),
          children(spans, span(spans, "chat grok-4")));
      assertEquals(true, span(spans, "chat grok-4").attributes().get("gen_ai.request.stream"));
    }
  }

  @Test
  void whatALimitCutShortSaysWhichItWas() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server = server(collector, LONG)) {
      try (Database database = Database.open(server.dataFolder())) {
        new LimitStore(database)
            .set(
                LimitStore.Owner.team(new TeamStore(database).list().getFirst().id()),
                new Rule(Scope.MODEL, "*", Quota.TOKENS_PER_MINUTE, 1500));
      }
      HttpResponse<String> answer = server.http().send(post(server, CHAT, body(false)));
      String limit = answer.headers().firstValue("x-jubal-limit").orElseThrow();
      List<Span> spans = await(collector, "POST " + CHAT);
      Span made = span(spans, "chat grok-4");
      assertEquals(limit, made.attributes().get("jubal.limited_by"));
      assertEquals(List.of("length"), made.attributes().get("gen_ai.response.finish_reasons"));
    }
  }

  @Test
  void aCallOverGrpcIsWithinTheTraceOfItsMetadata() {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server = server(collector, TALKS)) {
      Metadata headers = new Metadata();
      headers.put(Rpc.header("traceparent"), TRACEPARENT);
      var _ =
          ChatGrpc.newBlockingStub(Rpc.channel(server.port(), server.key()))
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .getCompletion(
                  GetCompletionsRequest.newBuilder()
                      .setModel("grok-4")
                      .addMessages(
                          Message.newBuilder()
                              .setRole(MessageRole.ROLE_USER)
                              .addContent(Content.newBuilder().setText("Hi")))
                      .build());
      List<Span> spans = await(collector, "xai_api.Chat/GetCompletion");
      Span root = span(spans, "xai_api.Chat/GetCompletion");
      assertEquals(TRACE, root.traceId());
      assertEquals(PARENT, root.parentId());
      assertEquals("grpc", root.attributes().get("rpc.system.name"));
      assertEquals(
          List.of("authenticate", "intake", "decode", "admit", "chat grok-4"),
          children(spans, root));
      assertEquals(
          List.of("queue", "prompt", "generate", "settle"),
          children(spans, span(spans, "chat grok-4")));
    }
  }

  @Test
  void aMessageOfAWebSocketHasATraceOfItsOwn() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server = server(collector, TALKS)) {
      try (WsClient socket = WsClient.open(server.port(), "/v1/responses", server.key())) {
        socket.send("{\"type\":\"response.create\",\"model\":\"grok-4\",\"input\":\"Hi\"}");
        List<Span> spans = await(collector, "WEBSOCKET /v1/responses");
        assertEquals(
            List.of("decode", "admit", "chat grok-4"),
            children(spans, span(spans, "WEBSOCKET /v1/responses")));
      }
    }
  }

  @Test
  void aRefusalShowsItsErrorAndNoModel() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server = server(collector, TALKS)) {
      assertEquals(401, server.http("xai-wrong").post(CHAT, body(false)).statusCode());
      List<Span> spans = await(collector, "POST " + CHAT);
      Span root = span(spans, "POST " + CHAT);
      assertEquals("invalid_api_key", root.attributes().get("jubal.error"));
      assertEquals(401L, root.attributes().get("http.response.status_code"));
      assertEquals(0, root.status());
      assertEquals(List.of("authenticate"), children(spans, root));
    }
  }

  @Test
  void aBackendThatBreaksIsAnErrorOfItsSpan() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server =
            server(collector, "{\"answers\":[{\"steps\":[{\"fail\":\"unavailable\"}]}]}")) {
      int status = server.http().post(CHAT, body(false)).statusCode();
      assertEquals(503, status);
      List<Span> spans = await(collector, "POST " + CHAT);
      assertEquals(2, span(spans, "POST " + CHAT).status());
      assertEquals(2, span(spans, "chat grok-4").status());
      assertEquals(
          "service_unavailable", span(spans, "chat grok-4").attributes().get("error.type"));
    }
  }

  @Test
  void anEmbeddingIsOneOfTheConventionsOperations() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server = server(collector, TALKS)) {
      assertEquals(
          200,
          server
              .http()
              .post("/v1/embeddings", "{\"model\":\"grok-embed\",\"input\":\"Hi\"}")
              .statusCode());
      List<Span> spans = await(collector, "POST /v1/embeddings");
      Span made = span(spans, "embeddings grok-embed");
      assertEquals("embeddings", made.attributes().get("gen_ai.operation.name"));
      assertEquals(List.of("generate", "settle"), children(spans, made));
    }
  }

  @Test
  void workThatNoClientWaitsForHasATraceOfItsOwn() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        JubalServer server = server(collector, TALKS)) {
      HttpResponse<String> accepted =
          server
              .http()
              .post(CHAT, body(false).replace("{\"model\"", "{\"deferred\":true,\"model\""));
      assertEquals(200, accepted.statusCode(), accepted.body());
      List<Span> spans = await(collector, "work");
      Span root = span(spans, "work");
      assertEquals(5, root.kind());
      assertEquals(List.of("chat grok-4"), children(spans, root));
      assertEquals(
          List.of("queue", "prompt", "generate", "settle"),
          children(spans, span(spans, "chat grok-4")));
    }
  }
}
