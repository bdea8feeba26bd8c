package dev.jubal.api.chat;

import dev.jubal.api.Encoder;
import dev.jubal.platform.http.OpenAiErrors;
import java.nio.charset.StandardCharsets;

/** The encoder of chat, for the micro benchmarks. */
public final class ChatSample {
  private ChatSample() {}

  public static Encoder encoder() {
    byte[] body =
        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    return new ChatEncoder(ChatDecoder.decode(body), false, new OpenAiErrors());
  }
}
