package dev.jubal.api.completions;

import dev.jubal.api.Encoder;
import dev.jubal.platform.http.OpenAiErrors;
import java.nio.charset.StandardCharsets;

/** The encoder of completions, for the micro benchmarks. */
public final class CompletionsSample {
  private CompletionsSample() {}

  public static Encoder encoder() {
    byte[] body =
        "{\"model\":\"m\",\"stream\":true,\"prompt\":\"Hi\"}".getBytes(StandardCharsets.UTF_8);
    return new CompletionsEncoder(CompletionsDecoder.decode(body), new OpenAiErrors());
  }
}
