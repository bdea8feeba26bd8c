package dev.jubal.api.messages;

import dev.jubal.api.Encoder;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.http.AnthropicErrors;

/** The encoder of messages, for the micro benchmarks. */
public final class MessagesSample {
  private MessagesSample() {}

  /** {@code vault} is not used by text. */
  public static Encoder encoder(Vault vault) {
    return new MessagesEncoder(
        new Thoughts(new ThoughtSeal(vault), "team"), new AnthropicErrors(), false);
  }
}
