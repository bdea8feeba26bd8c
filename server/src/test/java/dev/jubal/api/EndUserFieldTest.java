package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Stores;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client's own end user has a name of at most 512 characters in every dialect. */
final class EndUserFieldTest {
  private static final String[][] WAYS = {
    {
      "/v1/chat/completions",
      "{'model':'grok-3','user':'NAME','messages':[{'role':'user','content':'Hi'}]}",
      "user"
    },
    {
      "/v1/chat/completions",
      "{'model':'grok-3','safety_identifier':'NAME',"
          + "'messages':[{'role':'user','content':'Hi'}]}",
      "safety_identifier"
    },
    {
      "/v1/chat/completions",
      "{'model':'grok-3','deferred':true,'user':'NAME',"
          + "'messages':[{'role':'user','content':'Hi'}]}",
      "user"
    },
    {"/v1/responses", "{'model':'grok-3','user':'NAME','input':'Hi'}", "user"},
    {
      "/v1/responses",
      "{'model':'grok-3','safety_identifier':'NAME','input':'Hi'}",
      "safety_identifier"
    },
    {"/v1/completions", "{'model':'grok-3','user':'NAME','prompt':'Hi'}", "user"},
    {"/v1/embeddings", "{'model':'v1','user':'NAME','input':'Hi'}", "user"},
    {
      "/v1/messages",
      "{'model':'grok-3','max_tokens':5,'metadata':{'user_id':'NAME'},"
          + "'messages':[{'role':'user','content':'Hi'}]}",
      "metadata.user_id"
    },
    {
      "/v1/complete",
      "{'model':'grok-3','max_tokens_to_sample':5,'metadata':{'user_id':'NAME'},"
          + "'prompt':'\\n\\nHuman: Hi\\n\\nAssistant:'}",
      "metadata.user_id"
    }
  };

  @ParameterizedTest
  @EnumSource
  void theLongestPassesAndALongerOneIsA400ThatNamesIt(Stores on) throws Exception {
    try (JubalServer server =
        JubalServer.scripted(on, "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}")) {
      for (String[] way : WAYS) {
        HttpResponse<String> longest = server.http().post(way[0], body(way[1], 512));
        assertEquals(200, longest.statusCode(), longest.body());
        HttpResponse<String> longer = server.http().post(way[0], body(way[1], 513));
        assertEquals(400, longer.statusCode(), longer.body());
        String text = Json.mapper().readTree(longer.body()).at("/error/message").asString("");
        assertTrue(text.startsWith(way[2] + ": \"éééé") && text.contains("513 characters"), text);
      }
    }
  }

  private static String body(String form, int length) {
    return form.replace('\'', '"').replace("NAME", "é".repeat(length));
  }
}
