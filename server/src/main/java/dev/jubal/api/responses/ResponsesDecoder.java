package dev.jubal.api.responses;

import dev.jubal.api.Decoded;
import dev.jubal.api.FormatFields;
import dev.jubal.api.ToolsReader;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Tools;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BinaryOperator;

/** Station 3: a responses body becomes a {@link GenerationRequest}. Only its texts stay alive. */
final class ResponsesDecoder {
  private static final String FORMAT = "text.format";
  private static final Decoded.SchemaFields SCHEMAS =
      new Decoded.SchemaFields(FORMAT + ".schema", ".parameters");
  private static final String LOGPROBS = "message.output_text.logprobs";
  private static final String ENCRYPTED = "reasoning.encrypted_content";

  private final ResponsesWire.Request wire;
  private final List<String> ignored;
  private final BinaryOperator<String> unseal;

  private ResponsesDecoder(
      WireReader.Body<ResponsesWire.Request> body, BinaryOperator<String> unseal) {
    this.wire = body.value();
    this.unseal = unseal;
    this.ignored = new ArrayList<>(body.ignored());
  }

  /**
   * A read request, and what its response repeats of it.
   *
   * @param encrypted whether thoughts come with their encrypted content
   */
  record Asked(Decoded decoded, ResponseEcho echo, boolean encrypted) {}

  /** {@code unseal}: makes the thought of encrypted content and the path where it stands. */
  static Asked decode(byte[] body, BinaryOperator<String> unseal) {
    return new ResponsesDecoder(WireReader.read(body, ResponsesWire.Request.class), unseal).asked();
  }

  private Asked asked() {
    GenerationRequest request =
        new GenerationRequest(
            "responses",
            wire.model(),
            new Prompt.Conversation(
                new ResponsesInput(ignored, unseal).items(wire.instructions(), wire.input())),
            wire.sampling().options(),
            new GenerationRequest.Limits(
                wire.maxOutputTokens() == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(wire.maxOutputTokens()),
                List.of()),
            new GenerationRequest.Options(
                1,
                topLogprobs(),
                GenerationRequest.Thought.of(effort()),
                Optional.ofNullable(wire.user()),
                format(),
                tools()),
            Boolean.TRUE.equals(wire.stream()));
    return new Asked(
        new Decoded(request, ignored, SCHEMAS, names()),
        new ResponseEcho(wire, request.options()),
        wire.include() != null && wire.include().contains(ENCRYPTED));
  }

  private AnswerFormat format() {
    ResponsesWire.Text text = wire.text();
    ResponsesWire.AnswerForm form = text == null ? null : text.format();
    return form == null
        ? new AnswerFormat.Text()
        : FormatFields.format(form.type(), form.fields(), FORMAT);
  }

  private Tools tools() {
    List<ToolsReader.Offered> offered =
        Objects.requireNonNullElse(wire.tools(), List.<ResponsesWire.Tool>of()).stream()
            .map(t -> new ToolsReader.Offered(t.type(), t.function()))
            .toList();
    return new ToolsReader("")
        .read(offered, wire.toolChoice(), !Boolean.FALSE.equals(wire.parallelToolCalls()));
  }

  private Map<String, String> names() {
    boolean flat = wire.reasoning() == null;
    return flat ? Map.of() : Map.of("reasoning_effort", "reasoning.effort");
  }

  private Optional<String> effort() {
    ResponsesWire.Thinking reasoning = wire.reasoning();
    return Optional.ofNullable(reasoning == null ? wire.reasoningEffort() : reasoning.effort());
  }

  private OptionalInt topLogprobs() {
    int top = Objects.requireNonNullElse(wire.topLogprobs(), 0);
    boolean included = false;
    List<String> include = Objects.requireNonNullElse(wire.include(), List.of());
    for (int i = 0; i < include.size(); i++) {
      if (include.get(i).equals(LOGPROBS)) {
        included = true;
      } else if (!include.get(i).equals(ENCRYPTED)) {
        ignored.add("include[" + i + "]");
      }
    }
    return included || top > 0 || Boolean.TRUE.equals(wire.logprobs())
        ? OptionalInt.of(top)
        : OptionalInt.empty();
  }
}
