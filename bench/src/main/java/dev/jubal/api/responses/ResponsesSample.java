package dev.jubal.api.responses;

import dev.jubal.api.Encoder;
import dev.jubal.inference.Item;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.Kept;
import dev.jubal.platform.http.OpenAiErrors;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The encoder of responses, for the micro benchmarks. */
public final class ResponsesSample {
  private ResponsesSample() {}

  public static Encoder encoder() {
    byte[] body =
        "{\"model\":\"m\",\"stream\":true,\"store\":false,\"input\":\"Hi\"}"
            .getBytes(StandardCharsets.UTF_8);
    ResponsesDecoder.Setting setting =
        new ResponsesDecoder.Setting("id", new Nothing(), () -> false, name -> Model.Defaults.NONE);
    return new ResponsesEncoder(
        ResponsesDecoder.decode(body, setting).echo(),
        new OpenAiErrors(),
        InstantSource.system(),
        Optional.empty());
  }

  /** A team that remembers nothing. */
  private static final class Nothing implements Recall {
    @Override
    public Conversation conversation(String previousId) {
      return Conversation.NEW;
    }

    @Override
    public Optional<Kept> item(String itemId) {
      return Optional.empty();
    }

    @Override
    public String thought(String encrypted, String at) {
      return "";
    }

    @Override
    public List<Item> compacted(String encrypted, String at) {
      return List.of();
    }
  }
}
