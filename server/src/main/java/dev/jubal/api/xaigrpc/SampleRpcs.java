package dev.jubal.api.xaigrpc;

import dev.jubal.api.Decoded;
import dev.jubal.api.EndUserField;
import dev.jubal.api.Fingerprint;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Tools;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Access;
import dev.jubal.proto.xai.SampleChoice;
import dev.jubal.proto.xai.SampleGrpc;
import dev.jubal.proto.xai.SampleTextRequest;
import dev.jubal.proto.xai.SampleTextResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** {@code xai_api.Sample}: bare text continued, what {@code /v1/completions} is in REST. */
final class SampleRpcs {
  private static final String ENDPOINT = "completions";

  private final GenerationEndpoint endpoint;

  SampleRpcs(GenerationEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  void register(Rpcs rpcs) {
    rpcs.add(
        SampleGrpc.getServiceDescriptor(),
        List.of(
            Rpc.of(SampleGrpc.getSampleTextMethod())
                .access(Access.ENDPOINT, ENDPOINT)
                .metered()
                .summary("Continues a text.")
                .handle(this::sample),
            Rpc.of(SampleGrpc.getSampleTextStreamingMethod())
                .access(Access.ENDPOINT, ENDPOINT)
                .metered()
                .summary("Continues a text, piece by piece.")
                .handle(this::stream)));
  }

  private void sample(RpcCall<SampleTextRequest> call, RpcAnswer<SampleTextResponse> out) {
    Decoded decoded = decode(call.request(), false);
    Whole whole = new Whole(decoded.request().options().choices());
    endpoint.run(decoded, ChatRpcs.caller(call), out::header, new Pieces(whole)::take);
    out.send(whole.response());
  }

  private void stream(RpcCall<SampleTextRequest> call, RpcAnswer<SampleTextResponse> out) {
    Decoded decoded = decode(call.request(), true);
    endpoint.run(decoded, ChatRpcs.caller(call), out::header, new Pieces(out::send)::take);
  }

  private static Decoded decode(SampleTextRequest wire, boolean stream) {
    List<String> ignored = new ArrayList<>();
    FieldTable.check(wire, "", ignored);
    if (wire.getModel().isEmpty()) {
      throw Refusal.missing("model", "name or alias of a model");
    }
    if (wire.getPromptCount() != 1 || wire.getPrompt(0).isEmpty()) {
      throw Refusal.count(
          "prompt",
          wire.getPromptCount(),
          "texts",
          "one text of at least one character; send a request for each prompt");
    }
    GenerationRequest request =
        new GenerationRequest(
            ENDPOINT,
            wire.getModel(),
            new Prompt.Text(wire.getPrompt(0)),
            SamplingReader.options(wire),
            SamplingReader.limits(wire.hasMaxTokens(), wire.getMaxTokens(), wire.getStopList()),
            new GenerationRequest.Options(
                SamplingReader.choices(wire.hasN(), wire.getN()),
                OptionalInt.empty(),
                GenerationRequest.Thought.UNSAID,
                EndUserField.of("user", wire.getUser()),
                new AnswerFormat.Text(),
                Tools.NONE),
            stream);
    return new Decoded(request, ignored, Decoded.SchemaFields.NONE);
  }

  /** The pieces of one answer; its last one has the usage. */
  private static final class Pieces {
    private final Consumer<SampleTextResponse> out;
    private SampleTextResponse head = SampleTextResponse.getDefaultInstance();
    private final List<SampleChoice> ends = new ArrayList<>();

    Pieces(Consumer<SampleTextResponse> out) {
      this.out = out;
    }

    void take(GenerationEvent event) {
      switch (event) {
        case GenerationEvent.Accepted a ->
            head =
                SampleTextResponse.newBuilder()
                    .setId(a.resolution().requestId())
                    .setCreated(Answers.time(a.resolution().admitted()))
                    .setModel(a.resolution().model())
                    .setSystemFingerprint(Fingerprint.of(a.resolution().backend()))
                    .build();
        case GenerationEvent.Queued _,
            GenerationEvent.Started _,
            GenerationEvent.ReasoningDelta _,
            GenerationEvent.ReasoningFinished _ -> {
          // says nothing that a piece could hold
        }
        case GenerationEvent.CallStarted _,
            GenerationEvent.CallArguments _,
            GenerationEvent.CallFinished _ ->
            throw new IllegalStateException(event + " (expected: no call, as none was offered)");
        case GenerationEvent.TextDelta d -> {
          if (!d.text().isEmpty()) {
            out.accept(
                head.toBuilder()
                    .addChoices(SampleChoice.newBuilder().setIndex(d.choice()).setText(d.text()))
                    .build());
          }
        }
        case GenerationEvent.ChoiceFinished c ->
            ends.add(
                SampleChoice.newBuilder()
                    .setIndex(c.choice())
                    .setFinishReason(Answers.reason(c.reason()))
                    .build());
        case GenerationEvent.Finished f ->
            out.accept(head.toBuilder().addAllChoices(ends).setUsage(Answers.usage(f)).build());
      }
    }
  }

  /** The pieces put together: the whole answer is the fold of the streamed one. */
  private static final class Whole implements Consumer<SampleTextResponse> {
    private final List<StringBuilder> texts = new ArrayList<>();
    private SampleTextResponse last = SampleTextResponse.getDefaultInstance();

    Whole(int choices) {
      for (int i = 0; i < choices; i++) {
        texts.add(new StringBuilder());
      }
    }

    @Override
    public void accept(SampleTextResponse piece) {
      piece.getChoicesList().forEach(c -> texts.get(c.getIndex()).append(c.getText()));
      last = piece;
    }

    SampleTextResponse response() {
      SampleTextResponse.Builder whole = last.toBuilder().clearChoices();
      last.getChoicesList().stream()
          .sorted(java.util.Comparator.comparingInt(SampleChoice::getIndex))
          .forEach(
              c -> whole.addChoices(c.toBuilder().setText(texts.get(c.getIndex()).toString())));
      return whole.build();
    }
  }
}
