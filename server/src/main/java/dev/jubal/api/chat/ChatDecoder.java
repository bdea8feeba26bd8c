package dev.jubal.api.chat;

import dev.jubal.api.Decoded;
import dev.jubal.api.EndUserField;
import dev.jubal.api.FormatFields;
import dev.jubal.api.MetadataField;
import dev.jubal.api.PictureParts;
import dev.jubal.api.ServiceTiers;
import dev.jubal.api.ToolsReader;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Tools;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Station 3: a chat body becomes a {@link GenerationRequest}. Of the body only its texts stay
 * alive, so that many large prompts can be in flight.
 */
final class ChatDecoder {
  private static final String FORMAT = "response_format.json_schema";
  private static final Decoded.SchemaFields SCHEMAS =
      new Decoded.SchemaFields(FORMAT + ".schema", ".function.parameters");

  private final ChatWire.Request wire;
  private final List<String> ignored;
  private final PictureParts pictures = new PictureParts();

  private ChatDecoder(WireReader.Body<ChatWire.Request> body) {
    this.wire = body.value();
    this.ignored = new ArrayList<>(body.ignored());
  }

  /**
   * A read request.
   *
   * @param includeUsage whether the usage is a chunk of its own
   * @param deferred whether the answer is collected later
   */
  record Chat(Decoded decoded, boolean includeUsage, boolean deferred) {
    /** One that was read before, to be shown whole. */
    static Chat of(GenerationRequest request) {
      return new Chat(new Decoded(request, List.of(), SCHEMAS), false, false);
    }
  }

  static Chat decode(byte[] body) {
    return new ChatDecoder(WireReader.read(body, ChatWire.Request.class)).decoded();
  }

  private Chat decoded() {
    var _ = MetadataField.read(wire.metadata()); // has no effect, but has to be right
    EndUserField.check("safety_identifier", wire.safetyIdentifier());
    GenerationRequest request =
        new GenerationRequest(
            "chat",
            wire.model(),
            new Prompt.Conversation(new ChatMessages(ignored, pictures).items(wire.messages())),
            wire.choice().options(),
            new GenerationRequest.Limits(maxTokens(), wire.choice().stopTexts()),
            new GenerationRequest.Options(
                    wire.choice().choices(),
                    topLogprobs(),
                    GenerationRequest.Thought.of(Optional.ofNullable(wire.reasoningEffort())),
                    EndUserField.ofEither(wire.user(), wire.safetyIdentifier()),
                    format(),
                    tools())
                .servedAs(ServiceTiers.asked(wire.serviceTier())),
            wire.choice().streamed());
    boolean includeUsage = wire.choice().includeUsage(ignored);
    return new Chat(
        new Decoded(request, ignored, SCHEMAS, Map.of(), pictures.fields()),
        includeUsage,
        deferred());
  }

  private boolean deferred() {
    boolean deferred = Boolean.TRUE.equals(wire.deferred());
    if (deferred && wire.choice().streamed()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "deferred",
          "deferred: true with stream: true (expected: one of them; what is deferred is collected"
              + " whole).");
    }
    return deferred;
  }

  private AnswerFormat format() {
    ChatWire.ResponseFormat format = wire.responseFormat();
    return format == null
        ? new AnswerFormat.Text()
        : FormatFields.format(format.type(), format.jsonSchema(), FORMAT);
  }

  private Tools tools() {
    List<ToolsReader.Offered> offered =
        Objects.requireNonNullElse(wire.tools(), List.<ChatWire.Tool>of()).stream()
            .map(t -> new ToolsReader.Offered(t.type(), t.function()))
            .toList();
    boolean parallel =
        !Boolean.FALSE.equals(wire.parallelToolCalls())
            && !Boolean.FALSE.equals(wire.parallelFunctionCalling());
    return new ToolsReader("function").read(offered, wire.toolChoice(), parallel);
  }

  private OptionalInt maxTokens() {
    Integer newer = wire.maxCompletionTokens();
    Integer older = wire.maxTokens();
    if (newer != null && older != null && !newer.equals(older)) {
      ignored.add("max_tokens");
    }
    Integer max = newer != null ? newer : older;
    return max == null ? OptionalInt.empty() : OptionalInt.of(max);
  }

  private OptionalInt topLogprobs() {
    int top = Objects.requireNonNullElse(wire.topLogprobs(), 0);
    if (Boolean.TRUE.equals(wire.logprobs())) {
      return OptionalInt.of(top);
    }
    if (top > 0) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "top_logprobs",
          "top_logprobs: " + top + " (expected: absent or 0 unless logprobs is true).");
    }
    return OptionalInt.empty();
  }
}
