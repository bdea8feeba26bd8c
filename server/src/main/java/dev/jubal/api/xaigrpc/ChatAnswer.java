package dev.jubal.api.xaigrpc;

import dev.jubal.account.ledger.Service;
import dev.jubal.api.Calls;
import dev.jubal.api.Fingerprint;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.Item;
import dev.jubal.inference.Resolution;
import dev.jubal.inference.Role;
import dev.jubal.proto.xai.CompletionMessage;
import dev.jubal.proto.xai.CompletionOutput;
import dev.jubal.proto.xai.CompletionOutputChunk;
import dev.jubal.proto.xai.Delta;
import dev.jubal.proto.xai.FinishReason;
import dev.jubal.proto.xai.FunctionCall;
import dev.jubal.proto.xai.GetChatCompletionChunk;
import dev.jubal.proto.xai.GetChatCompletionResponse;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.proto.xai.SamplingUsage;
import dev.jubal.proto.xai.ServiceTier;
import dev.jubal.proto.xai.ToolCall;
import dev.jubal.proto.xai.ToolCallStatus;
import dev.jubal.proto.xai.ToolCallType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Station 7 of the Chat service: events as chunks, or folded to one response. Made for one request.
 *
 * <p>The SDK shows no text whose delta lacks the role, appends calls without merging them, and
 * keeps usage and finish reason of the last chunk: so each delta says its role, a call comes whole,
 * and the end of the last output waits for the settlement and carries the usage.
 */
final class ChatAnswer {
  private final GetCompletionsRequest asked;
  private final Optional<UnaryOperator<String>> seal;
  private final List<Output> outputs;
  private int open;
  private @Nullable Resolution accepted;
  private @Nullable SamplingUsage usage;
  private GetChatCompletionChunk head = GetChatCompletionChunk.getDefaultInstance();
  private CompletionOutputChunk last = CompletionOutputChunk.getDefaultInstance();

  /** {@code seal}: a thought as its encrypted content. */
  ChatAnswer(GetCompletionsRequest asked, UnaryOperator<String> seal) {
    this.seal = asked.getUseEncryptedContent() ? Optional.of(seal) : Optional.empty();
    // without what can be large, since it lives as long as the answer
    this.asked = asked.toBuilder().clearMessages().build();
    this.open = SamplingReader.choices(asked.hasN(), asked.getN());
    this.outputs =
        IntStream.range(0, open).mapToObj(i -> new Output(i, asked.getLogprobs())).toList();
  }

  /** One output as far as it has come. */
  private static final class Output {
    private final CompletionOutput.Builder whole = CompletionOutput.newBuilder();
    private final CompletionMessage.Builder message =
        CompletionMessage.newBuilder().setRole(MessageRole.ROLE_ASSISTANT);
    private final Calls calls = new Calls();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thought = new StringBuilder();
    private final boolean logprobs;

    Output(int index, boolean logprobs) {
      whole.setIndex(index);
      this.logprobs = logprobs;
    }

    void add(GenerationEvent.TextDelta d) {
      text.append(d.text());
      if (logprobs) {
        whole.getLogprobsBuilder().addAllContent(Answers.logprobs(d.logprobs()).getContentList());
      }
    }

    void think(String more, boolean kept) {
      if (kept) {
        thought.append(more);
      }
    }

    Optional<String> sealed(Optional<UnaryOperator<String>> seal) {
      return thought.isEmpty() ? Optional.empty() : seal.map(s -> s.apply(thought.toString()));
    }

    CompletionOutput whole(Optional<UnaryOperator<String>> seal) {
      message.clearToolCalls().setContent(text.toString()).setReasoningContent(thought.toString());
      sealed(seal).ifPresent(message::setEncryptedContent);
      calls.whole().forEach(c -> message.addToolCalls(call(c)));
      return whole.setMessage(message).build();
    }
  }

  /** Gives the chunks, none or one, that an event means. */
  void stream(GenerationEvent event, Consumer<GetChatCompletionChunk> out) {
    switch (event) {
      case GenerationEvent.Accepted a -> accept(a.resolution());
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {
        // says nothing a chunk could hold
      }
      case GenerationEvent.ReasoningFinished r ->
          outputs
              .get(r.choice())
              .sealed(seal)
              .ifPresent(s -> out.accept(chunk(r.choice(), delta().setEncryptedContent(s))));
      case GenerationEvent.ReasoningDelta d -> {
        outputs.get(d.choice()).think(d.text(), seal.isPresent());
        if (!d.text().isEmpty()) {
          out.accept(chunk(d.choice(), delta().setReasoningContent(d.text())));
        }
      }
      case GenerationEvent.TextDelta d -> text(d, out);
      case GenerationEvent.CallStarted c -> outputs.get(c.choice()).calls.take(c);
      case GenerationEvent.CallArguments c -> outputs.get(c.choice()).calls.take(c);
      case GenerationEvent.CallFinished c ->
          out.accept(
              chunk(c.choice(), delta().addToolCalls(call(outputs.get(c.choice()).calls.take(c)))));
      case GenerationEvent.ChoiceFinished c -> finish(c, out);
      case GenerationEvent.Finished f ->
          out.accept(head.toBuilder().addOutputs(last).setUsage(Answers.usage(f)).build());
    }
  }

  private void text(GenerationEvent.TextDelta d, Consumer<GetChatCompletionChunk> out) {
    if (d.text().isEmpty() && d.logprobs().isEmpty()) {
      return; // a token may show nothing yet
    }
    CompletionOutputChunk.Builder output =
        CompletionOutputChunk.newBuilder()
            .setIndex(d.choice())
            .setDelta(delta().setContent(d.text()));
    if (asked.getLogprobs()) {
      output.setLogprobs(Answers.logprobs(d.logprobs()));
    }
    out.accept(head.toBuilder().addOutputs(output).build());
  }

  private void finish(GenerationEvent.ChoiceFinished c, Consumer<GetChatCompletionChunk> out) {
    open--;
    CompletionOutputChunk end =
        CompletionOutputChunk.newBuilder()
            .setIndex(c.choice())
            .setDelta(delta())
            .setFinishReason(Answers.reason(c.reason()))
            .build();
    if (open > 0) {
      out.accept(head.toBuilder().addOutputs(end).build());
    } else {
      last = end;
    }
  }

  private GetChatCompletionChunk chunk(int choice, Delta.Builder delta) {
    return head.toBuilder()
        .addOutputs(CompletionOutputChunk.newBuilder().setIndex(choice).setDelta(delta))
        .build();
  }

  private static Delta.Builder delta() {
    return Delta.newBuilder().setRole(MessageRole.ROLE_ASSISTANT);
  }

  private static ToolCall call(Calls.Call call) {
    return ToolCall.newBuilder()
        .setId(call.callId())
        .setType(ToolCallType.TOOL_CALL_TYPE_CLIENT_SIDE_TOOL)
        .setStatus(ToolCallStatus.TOOL_CALL_STATUS_COMPLETED)
        .setFunction(FunctionCall.newBuilder().setName(call.name()).setArguments(call.arguments()))
        .build();
  }

  private void accept(Resolution resolution) {
    accepted = resolution;
    head =
        GetChatCompletionChunk.newBuilder()
            .setId(resolution.requestId())
            .setCreated(Answers.time(resolution.admitted()))
            .setModel(resolution.model())
            .setSystemFingerprint(Fingerprint.of(resolution.backend()))
            .setServiceTier(tier(resolution))
            .build();
  }

  private static ServiceTier tier(Resolution resolution) {
    return resolution.service() == Service.PRIORITY
        ? ServiceTier.SERVICE_TIER_PRIORITY
        : ServiceTier.SERVICE_TIER_DEFAULT;
  }

  /** Takes an event into the whole response. */
  void fold(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted a -> accept(a.resolution());
      case GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningFinished _ -> {
        // says nothing a response could hold
      }
      case GenerationEvent.ReasoningDelta d -> outputs.get(d.choice()).think(d.text(), true);
      case GenerationEvent.TextDelta d -> outputs.get(d.choice()).add(d);
      case GenerationEvent.CallStarted c -> outputs.get(c.choice()).calls.take(c);
      case GenerationEvent.CallArguments c -> outputs.get(c.choice()).calls.take(c);
      case GenerationEvent.CallFinished c -> {
        var _ = outputs.get(c.choice()).calls.take(c);
      }
      case GenerationEvent.ChoiceFinished c ->
          outputs.get(c.choice()).whole.setFinishReason(Answers.reason(c.reason()));
      case GenerationEvent.Finished f -> usage = Answers.usage(f);
    }
  }

  /** What the first output said, as items: what a later request continues. */
  List<Item> said() {
    Output first = outputs.getFirst();
    List<Item> items = new ArrayList<>();
    if (!first.thought.isEmpty()) {
      items.add(new Item.Reasoning(first.thought.toString()));
    }
    List<Calls.Call> calls = first.calls.whole();
    if (!first.text.isEmpty() || calls.isEmpty()) {
      items.add(Item.Message.text(Role.ASSISTANT, first.text.toString()));
    }
    calls.forEach(c -> items.add(new Item.FunctionCall(c.callId(), c.name(), c.arguments())));
    return items;
  }

  /** Whether the first output was cut by a limit. */
  boolean cut() {
    return outputs.getFirst().whole.getFinishReason() == FinishReason.REASON_MAX_LEN;
  }

  Optional<Resolution> accepted() {
    return Optional.ofNullable(accepted);
  }

  /** The whole response, after {@code Finished}. */
  GetChatCompletionResponse whole() {
    return whole(Objects.requireNonNull(usage, "the answer has not finished"));
  }

  /** The whole response, of a usage that is settled. */
  GetChatCompletionResponse whole(SamplingUsage settled) {
    Resolution resolution = Objects.requireNonNull(accepted, "the request was not accepted");
    GetChatCompletionResponse.Builder response =
        GetChatCompletionResponse.newBuilder()
            .setId(resolution.requestId())
            .setCreated(head.getCreated())
            .setModel(resolution.model())
            .setSystemFingerprint(head.getSystemFingerprint())
            .setServiceTier(tier(resolution))
            .setUsage(settled)
            .setSettings(Settings.of(asked));
    outputs.forEach(o -> response.addOutputs(o.whole(seal)));
    return response.build();
  }
}
