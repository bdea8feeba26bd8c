package dev.jubal.api.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.Settlement;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.ScriptedServer;
import dev.jubal.testing.WsClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Responses over WebSocket, as the Open Responses specification describes them. */
final class SocketTest {
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"One\"},{\"text\":\" two\"}]}]}";
  private static final String PATH = "/v1/responses";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static WsClient open() throws Exception {
    return WsClient.open(SERVER.port(), PATH, "");
  }

  /** A message; single quotes stand for double ones. */
  private static String create(String fields) {
    return ("{'type':'response.create','model':'grok-scripted'," + fields + "}").replace('\'', '"');
  }

  private static String status(List<JsonNode> turn) {
    return turn.getLast().path("response").path("status").asString("");
  }

  private static String id(List<JsonNode> turn) {
    return turn.getLast().get("response").get("id").stringValue();
  }

  private static long inputTokens(List<JsonNode> turn) {
    return turn.getLast().at("/response/usage/input_tokens").longValue();
  }

  private static void refused(List<JsonNode> turn, int status, String code) {
    assertEquals(1, turn.size(), turn.toString());
    JsonNode event = turn.getFirst();
    assertEquals("error", event.get("type").stringValue());
    assertEquals(status, event.get("status").intValue(), event.toString());
    assertEquals(code, event.get("error").get("code").stringValue(), event.toString());
  }

  @Test
  void sendsTheEventsOfAStream() throws Exception {
    SERVER.script(SCRIPT);
    String body =
        SERVER
            .http()
            .post(
                PATH,
                create("'input':'Hi','stream':true").replace("\"type\":\"response.create\",", ""))
            .body();
    List<JsonNode> streamed =
        body.lines()
            .filter(l -> l.startsWith("data: {"))
            .map(l -> Json.tree(l.substring(6).getBytes(StandardCharsets.UTF_8)))
            .toList();
    SERVER.script(SCRIPT);
    SERVER.http().get("/openapi.json"); // takes an id
    try (WsClient socket = open()) {
      List<JsonNode> turn = socket.turn(create("'input':'Hi'"));
      assertEquals(
          streamed.toString().replaceAll("0{11}[0-9]", "N"),
          turn.toString().replaceAll("0{11}[0-9]", "N"));
    }
  }

  @Test
  void continuesWhatIsNotStoredOnTheSameSocketOnly() throws Exception {
    SERVER.script(SCRIPT);
    String previous;
    try (WsClient socket = open()) {
      List<JsonNode> first = socket.turn(create("'input':'Remember this','store':false"));
      previous = id(first);
      assertEquals(false, first.getLast().at("/response/store").booleanValue());
      List<JsonNode> second =
          socket.turn(
              create("'input':'Again','store':false,'previous_response_id':'" + previous + "'"));
      assertEquals("completed", status(second));
      assertTrue(inputTokens(second) > inputTokens(first), second.toString());
      assertEquals(previous, second.getLast().at("/response/previous_response_id").stringValue());
    }
    try (WsClient other = open()) {
      refused(
          other.turn(create("'input':'Again','previous_response_id':'" + previous + "'")),
          400,
          "previous_response_not_found");
      assertEquals("completed", status(other.turn(create("'input':'Anew'"))));
    }
  }

  @Test
  void continuesWhatIsStoredOnAnotherSocketAndOverHttp() throws Exception {
    SERVER.script(SCRIPT);
    String previous;
    try (WsClient socket = open()) {
      previous = id(socket.turn(create("'input':'Remember this'")));
    }
    try (WsClient socket = open()) {
      List<JsonNode> second =
          socket.turn(create("'input':'Again','previous_response_id':'" + previous + "'"));
      assertEquals("completed", status(second));
      assertEquals(200, SERVER.http().get(PATH + "/" + id(second)).statusCode());
    }
  }

  @Test
  void aFailedContinuationIsForgotten() throws Exception {
    SERVER.script(SCRIPT);
    try (WsClient socket = open()) {
      String previous = id(socket.turn(create("'input':'One','store':false")));
      String next = "'store':false,'previous_response_id':'" + previous + "',";
      refused(
          socket.turn(
              create(
                  next + "'input':[{'type':'function_call_output','call_id':'no','output':'x'}]")),
          400,
          "invalid_value");
      refused(socket.turn(create(next + "'input':'Stale'")), 400, "previous_response_not_found");
    }
  }

  @Test
  void primesWithoutGenerating() throws Exception {
    SERVER.script(SCRIPT);
    try (WsClient socket = open()) {
      List<JsonNode> primed =
          socket.turn(
              create(
                  "'generate':false,'store':false,'input':'Context','instructions':'Be brief.'"));
      assertEquals("completed", status(primed));
      assertTrue(primed.getLast().at("/response/output").isEmpty());
      assertTrue(SERVER.ledger().admissions().isEmpty());
      List<JsonNode> next =
          socket.turn(create("'input':'Go','previous_response_id':'" + id(primed) + "'"));
      assertEquals("Be brief.", next.getLast().at("/response/instructions").stringValue());
      assertEquals(4, inputTokens(next));
    }
  }

  @Test
  void badMessagesAreErrorsAndTheSocketStaysOpen() throws Exception {
    SERVER.script(SCRIPT);
    try (WsClient socket = open()) {
      refused(socket.turn("{nonsense"), 400, "invalid_json");
      refused(socket.turn("[]"), 400, "invalid_value");
      refused(socket.turn("{\"type\":\"response.cancel\"}"), 400, "invalid_value");
      refused(socket.turn(create("'input':[]")), 400, "invalid_value");
      refused(socket.turn(create("'input':'x','background':true")), 400, "unsupported_parameter");
      refused(socket.turn(create("'input':'x','generate':1")), 400, "invalid_type");
      assertEquals("completed", status(socket.turn(create("'input':'Hi','stream':true"))));
    }
  }

  @Test
  void aFailureAfterTheBeginningIsOneTerminalEvent() throws Exception {
    SERVER.script(
        "{\"answers\":[{\"steps\":[{\"text\":\"One\"},{\"fail\":\"broken\",\"message\":\"It"
            + " died.\"}]},{\"steps\":[{\"text\":\"Two\"}]}]}");
    try (WsClient socket = open()) {
      List<JsonNode> failed = socket.turn(create("'input':'Hi'"));
      assertEquals("failed", status(failed), failed.toString());
      assertEquals("completed", status(socket.turn(create("'input':'Hi'"))));
    }
  }

  @Test
  void messagesAreAnsweredOneAfterTheOther() throws Exception {
    SERVER.script(SCRIPT);
    try (WsClient socket = open()) {
      for (int i = 0; i < 6; i++) {
        socket.send(create("'input':'Hi','metadata':{'n':'" + i + "'}"));
      }
      for (int i = 0; i < 6; i++) {
        JsonNode event = socket.next();
        assertEquals("response.created", event.get("type").stringValue());
        while (!event.get("type").stringValue().equals("response.completed")) {
          event = socket.next();
          assertEquals(
              Integer.toString(i), event.at("/response/metadata/n").asString(Integer.toString(i)));
        }
      }
    }
  }

  @Test
  void aClientThatLeavesEndsItsWork() throws Exception {
    SERVER.script("{\"answers\":[{\"steps\":[{\"text\":\"a\",\"times\":1000,\"every_ms\":20}]}]}");
    WsClient socket = open();
    socket.send(create("'input':'Hi'"));
    assertEquals("response.created", socket.next().get("type").stringValue());
    socket.abort();
    Await.until("the work is settled", () -> !SERVER.ledger().settlements().isEmpty());
    Settlement settled = SERVER.ledger().settlements().values().iterator().next();
    assertEquals(499, settled.status());
  }

  @Test
  void isClosedWhenItsTimeIsOverAfterAnErrorThatSaysSo() throws Exception {
    try (JubalServer server = JubalServer.scripted(SCRIPT, "server.socket-limit", "1s");
        WsClient socket = WsClient.open(server.port(), PATH, server.key())) {
      JsonNode error = socket.next();
      assertEquals("error", error.path("type").stringValue());
      assertEquals(400, error.path("status").intValue());
      assertEquals(
          "websocket_connection_limit_reached", error.at("/error/code").stringValue(), "" + error);
      assertEquals(1000, socket.closed());
    }
  }

  @Test
  void whatIsBeingAnsweredWhenItsTimeIsOverIsAnsweredToItsEnd() throws Exception {
    String slow = "{\"answers\":[{\"steps\":[{\"text\":\"x\",\"times\":20,\"every_ms\":100}]}]}";
    try (JubalServer server = JubalServer.scripted(slow, "server.socket-limit", "1s");
        WsClient socket = WsClient.open(server.port(), PATH, server.key())) {
      List<JsonNode> turn = socket.turn(create("'input':'Hi'").replace("grok-scripted", "grok-4"));
      assertEquals("completed", status(turn));
      assertEquals(
          "websocket_connection_limit_reached", socket.next().at("/error/code").stringValue());
      assertEquals(1000, socket.closed());
    }
  }

  @Test
  void isClosedAsGoingAwayWhenTheServerStops() throws Exception {
    try (JubalServer server = JubalServer.scripted(SCRIPT);
        WsClient socket = WsClient.open(server.port(), PATH, server.key())) {
      assertEquals(
          "completed",
          status(socket.turn(create("'input':'Hi'").replace("grok-scripted", "grok-4"))));
      server.jubal().drain();
      assertEquals(1001, socket.closed());
    }
  }

  @Test
  void isOpenedWithAKeyOnly() throws Exception {
    try (JubalServer server = JubalServer.scripted(SCRIPT)) {
      WebSocketHandshakeException refused =
          assertThrows(
              WebSocketHandshakeException.class, () -> WsClient.open(server.port(), PATH, ""));
      assertEquals(401, refused.getResponse().statusCode());
      try (WsClient socket = WsClient.open(server.port(), PATH, server.key())) {
        List<JsonNode> turn =
            socket.turn(create("'input':'Hi'").replace("grok-scripted", "grok-4"));
        assertEquals("completed", status(turn), turn.toString());
        assertTrue(server.http().get("/metrics").body().contains("method=\"WEBSOCKET\""));
        assertEquals(
            405, server.http().get(PATH).statusCode(), "plain requests are not taken for it");
      }
    }
  }
}
