package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.inference.Prompt;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.ScriptedServer;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * One conversation told in every dialect is the same items to a backend. Run one seed again with
 * {@code -Djubal.seed=N}.
 */
class OneConversationTest {
  private static final int ROUNDS = 200;
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());

  private static final ChatGrpc.ChatBlockingStub CHAT =
      ChatGrpc.newBlockingStub(Rpc.channel(SERVER.port(), ""));

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void everyDialectTellsTheSame() throws Exception {
    long first = Long.getLong("jubal.seed", System.nanoTime());
    int rounds = Long.getLong("jubal.seed") == null ? ROUNDS : 1;
    for (long seed = first; seed < first + rounds; seed++) {
      RandomConversation told = new RandomConversation(seed);
      check(seed, told, "/v1/chat/completions", told.chat());
      check(seed, told, "/v1/responses", told.responses());
      check(seed, told, "/v1/messages", told.messages());
      var _ = CHAT.getCompletion(told.rpc().toBuilder().setModel(ScriptedServer.MODEL).build());
      assertEquals(prompt(told), SERVER.asked().prompt(), "xai_api.Chat, seed " + seed);
    }
  }

  private static Prompt prompt(RandomConversation told) {
    return new Prompt.Conversation(told.items());
  }

  private static void check(
      long seed, RandomConversation told, String path, Map<String, Object> body) throws Exception {
    Map<String, Object> asked = new HashMap<>(body);
    asked.put("model", ScriptedServer.MODEL);
    String json = Json.string(asked);
    HttpResponse<String> answer = SERVER.http().post(path, json);
    String what = path + ", seed " + seed + ": " + json;
    assertEquals(200, answer.statusCode(), what + answer.body());
    assertEquals(prompt(told), SERVER.asked().prompt(), what);
  }
}
