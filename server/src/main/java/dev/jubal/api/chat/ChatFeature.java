package dev.jubal.api.chat;

import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.List;

/** {@code POST /v1/chat/completions}. */
public final class ChatFeature implements Feature {
  private final GenerationEndpoint endpoint;
  private final ErrorRenderer errors;
  private final boolean splitCalls;

  /**
   * The feature.
   *
   * @param errors the form of in-stream errors, the same as that of failed requests
   * @param splitCalls whether a streamed call comes in pieces, rather than whole in one chunk
   */
  public ChatFeature(GenerationEndpoint endpoint, ErrorRenderer errors, boolean splitCalls) {
    this.endpoint = endpoint;
    this.errors = errors;
    this.splitCalls = splitCalls;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/chat/completions")
            .access(Access.ENDPOINT, "chat")
            .metered()
            .summary("Continues a conversation, streamed or whole.")
            .takes(ChatWire.Request.class)
            .gives(ChatWire.Completion.class, List.of(ChatWire.Chunk.class))
            .handle(this::answer));
  }

  private void answer(Call call, Exchange exchange) {
    ChatDecoder.Chat chat = ChatDecoder.decode(call.takeBody());
    endpoint.answer(call, exchange, chat.decoded(), new ChatEncoder(chat, splitCalls, errors));
  }
}
