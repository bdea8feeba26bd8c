package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How much of a team may be open and stored, over HTTP and gRPC. */
class TeamLimitTest {
  private static final String HOLDS = "{\"answers\":[{\"steps\":[{\"hold\":true}]}]}";
  private static final String SAYS = "{\"answers\":[{\"steps\":[{\"text\":\"Hello\"}]}]}";
  private static final String RESPONSES = "/v1/responses";

  private static HttpResponse<String> defer(Http http) throws Exception {
    return http.post(
        "/v1/chat/completions",
        "{\"model\":\"grok-4\",\"deferred\":true,\"messages\":[{\"role\":\"user\","
            + "\"content\":\"hi\"}]}");
  }

  private static HttpResponse<String> respond(Http http, String field) throws Exception {
    return http.post(RESPONSES, "{\"model\":\"grok-4\",\"input\":\"hi\"" + field + "}");
  }

  private static JsonNode tree(HttpResponse<String> answer) {
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(HttpResponse<String> answer, int status, String code, String param) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(code, tree(answer).at("/error/code").stringValue(), answer.body());
    assertEquals(param, tree(answer).at("/error/param").asString(""), answer.body());
  }

  private static GetCompletionsRequest.Builder asks() {
    return GetCompletionsRequest.newBuilder()
        .setModel("grok-4")
        .addMessages(
            Message.newBuilder()
                .setRole(MessageRole.ROLE_USER)
                .addContent(Content.newBuilder().setText("hi")));
  }

  private static ChatGrpc.ChatBlockingStub rpc(JubalServer server) {
    return ChatGrpc.newBlockingStub(Rpc.channel(server.port(), server.key()));
  }

  private static Status.Code code(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
  }

  private static void counted(JubalServer server, String line) throws Exception {
    String metrics = server.http().get("/metrics").body();
    assertTrue(
        metrics.lines().anyMatch(line::equals),
        metrics.lines().filter(l -> l.contains(line.substring(0, 12))).toList().toString());
  }

  @Test
  void onlySoMuchWorkOfATeamIsOpenAtOnce() throws Exception {
    try (JubalServer server = JubalServer.scripted(HOLDS, "work.open-per-team", "2")) {
      Http http = server.http();
      assertEquals(200, defer(http).statusCode());
      HttpResponse<String> open = respond(http, ",\"background\":true");
      assertEquals(200, open.statusCode(), open.body());
      HttpResponse<String> third = defer(http);
      refused(third, 429, "rate_limit_exceeded", "");
      assertEquals("10", third.headers().firstValue("retry-after").orElse(""));
      refused(respond(http, ",\"background\":true"), 429, "rate_limit_exceeded", "");
      assertEquals(
          Status.Code.RESOURCE_EXHAUSTED,
          code(
              () -> {
                var _ = rpc(server).startDeferredCompletion(asks().build());
              }));
      counted(server, "jubal_work_refused_total 3.0");
      String id = tree(open).path("id").stringValue();
      assertEquals(200, http.post(RESPONSES + "/" + id + "/cancel", "").statusCode());
      assertEquals(200, defer(http).statusCode());
    }
  }

  @Test
  void onlySoMuchOfATeamIsStored() throws Exception {
    try (JubalServer server = JubalServer.scripted(SAYS, "memory.team-responses", "1")) {
      Http http = server.http();
      HttpResponse<String> first = respond(http, "");
      assertEquals(200, first.statusCode(), first.body());
      refused(respond(http, ""), 400, "invalid_value", "store");
      refused(respond(http, ",\"background\":true"), 400, "invalid_value", "store");
      assertEquals(
          Status.Code.INVALID_ARGUMENT,
          code(
              () -> {
                var _ = rpc(server).getCompletion(asks().setStoreMessages(true).build());
              }));
      assertEquals(200, respond(http, ",\"store\":false").statusCode());
      counted(server, "jubal_responses_refused_total 3.0");
      counted(server, "jubal_responses_kept 1.0");
      String id = tree(first).path("id").stringValue();
      assertEquals(200, http.send(http.request(RESPONSES + "/" + id).DELETE()).statusCode());
      assertEquals(200, respond(http, "").statusCode());
    }
  }
}
