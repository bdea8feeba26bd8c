package dev.jubal.api.chat;

import dev.jubal.api.Explanation;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.inference.work.WorkKind;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.List;

/** {@code POST /v1/chat/completions}, and where its deferred answers are collected. */
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
            .gives(
                List.of(ChatWire.Completion.class, ChatWire.Deferred.class),
                List.of(ChatWire.Chunk.class))
            .handle(this::answer));
    routes.add(Explanation.route("", "chat", ChatWire.Request.class).handle(this::explain));
    routes.add(Explanation.route("chat", "chat", ChatWire.Request.class).handle(this::explain));
    routes.add(
        Route.get("/v1/chat/deferred-completion/{request_id}")
            .access(Access.ENDPOINT, "chat")
            .summary(
                "The answer of a deferred chat: 202 without a body while there is none, then the"
                    + " answer once, and for a minute more to the same key, within 24 hours.")
            .gives(ChatWire.Completion.class)
            .pending()
            .handle(this::collect));
  }

  private void answer(Call call, Exchange exchange) {
    ChatDecoder.Chat chat = ChatDecoder.decode(call.takeBody());
    if (chat.deferred()) {
      String id = endpoint.submit(call, exchange, chat.decoded(), WorkKind.DEFERRED);
      exchange.json(200, new ChatWire.Deferred(id));
      return;
    }
    endpoint.answer(call, exchange, chat.decoded(), encoder(chat));
  }

  private void explain(Call call, Exchange exchange) {
    endpoint.explain(call, exchange, ChatDecoder.decode(call.takeBody()).decoded());
  }

  private ChatEncoder encoder(ChatDecoder.Chat chat) {
    return new ChatEncoder(chat, splitCalls, errors);
  }

  private void collect(Call call, Exchange exchange) {
    endpoint.collect(call, exchange, work -> encoder(ChatDecoder.Chat.of(work.request())));
  }
}
