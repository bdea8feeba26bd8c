package dev.jubal.api.messages;

import dev.jubal.api.Decoded;
import dev.jubal.api.EndUserField;
import dev.jubal.api.FormatFields;
import dev.jubal.api.StopTexts;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Station 3: a body of messages becomes a {@link GenerationRequest}. */
final class MessagesDecoder {
  /** The name in the ledger, in metrics and in ACL rows. */
  static final String ENDPOINT = "messages";

  private final MessagesWire.Asked asked;
  private final Thoughts thoughts;
  private final List<String> ignored;

  private MessagesDecoder(MessagesWire.Asked asked, Thoughts thoughts, List<String> ignored) {
    this.asked = asked;
    this.thoughts = thoughts;
    this.ignored = new ArrayList<>(ignored);
  }

  static Decoded decode(byte[] body, Thoughts thoughts) {
    WireReader.Body<MessagesWire.Request> read = WireReader.read(body, MessagesWire.Request.class);
    MessagesWire.Request wire = read.value();
    MessagesDecoder decoder = new MessagesDecoder(wire.asked(), thoughts, read.ignored());
    MessagesWire.Metadata metadata = wire.metadata();
    return decoder.decoded(
        new SamplingOptions(
            Optional.ofNullable(wire.temperature()),
            Optional.ofNullable(wire.topP()),
            Optional.ofNullable(wire.topK()),
            Optional.empty(),
            SamplingOptions.Penalties.NONE,
            Map.of(),
            Optional.empty()),
        new GenerationRequest.Limits(
            OptionalInt.of(wire.maxTokens()),
            StopTexts.checked(wire.stopSequences(), "stop_sequences")),
        EndUserField.of("metadata.user_id", metadata == null ? null : metadata.userId()),
        Boolean.TRUE.equals(wire.stream()));
  }

  /** A request of which the prompt is to be counted. */
  static Decoded decodeCount(byte[] body, Thoughts thoughts) {
    WireReader.Body<MessagesWire.CountRequest> read =
        WireReader.read(body, MessagesWire.CountRequest.class);
    return new MessagesDecoder(read.value().asked(), thoughts, read.ignored())
        .decoded(
            SamplingOptions.UNSAID,
            new GenerationRequest.Limits(OptionalInt.empty(), List.of()),
            Optional.empty(),
            false);
  }

  private Decoded decoded(
      SamplingOptions sampling,
      GenerationRequest.Limits limits,
      Optional<String> user,
      boolean stream) {
    GenerationRequest.Thought thought = thought(limits.maxTokens());
    MessagesInput input = new MessagesInput(thoughts, ignored);
    GenerationRequest request =
        new GenerationRequest(
            ENDPOINT,
            asked.model(),
            new Prompt.Conversation(input.items(asked.system(), asked.messages())),
            sampling,
            answerAlone(limits, thought),
            new GenerationRequest.Options(
                1,
                OptionalInt.empty(),
                thought,
                user,
                format(),
                MessagesTools.read(asked.tools(), asked.toolChoice())),
            stream);
    return new Decoded(
        request,
        ignored,
        new Decoded.SchemaFields(formatAt() + ".schema", ".input_schema"),
        Map.of(
            "stop",
            "stop_sequences",
            "reasoning_effort",
            "output_config.effort",
            "response_format",
            formatAt()),
        input.pictures());
  }

  /** What is thought counts in max_tokens when its bound is known: the rest is the answer's. */
  private static GenerationRequest.Limits answerAlone(
      GenerationRequest.Limits limits, GenerationRequest.Thought thought) {
    OptionalInt most = limits.maxTokens();
    return most.isPresent() && thought.budget().isPresent()
        ? new GenerationRequest.Limits(
            OptionalInt.of(most.getAsInt() - thought.budget().getAsInt()), limits.stop())
        : limits;
  }

  private GenerationRequest.Thought thought(OptionalInt maxTokens) {
    MessagesWire.OutputConfig config = asked.outputConfig();
    Optional<String> effort = Optional.ofNullable(config).map(MessagesWire.OutputConfig::effort);
    MessagesWire.Thinking thinking = asked.thinking();
    if (thinking == null) {
      return GenerationRequest.Thought.of(effort);
    }
    return switch (thinking.type()) {
      case "enabled" ->
          new GenerationRequest.Thought(effort, OptionalInt.of(budget(thinking, maxTokens)));
      case "disabled" -> new GenerationRequest.Thought(effort, OptionalInt.of(0));
      default -> GenerationRequest.Thought.of(effort);
    };
  }

  private static int budget(MessagesWire.Thinking thinking, OptionalInt maxTokens) {
    String at = "thinking.budget_tokens";
    Integer budget = thinking.budgetTokens();
    if (budget == null) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD,
          at,
          at + " is missing (expected: a whole number, as thinking is enabled).");
    }
    if (maxTokens.isPresent() && budget >= maxTokens.getAsInt()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at,
          at + ": " + budget + " (expected: less than max_tokens, " + maxTokens.getAsInt() + ").");
    }
    return budget;
  }

  private String formatAt() {
    MessagesWire.OutputConfig config = asked.outputConfig();
    return config != null && config.format() != null ? "output_config.format" : "output_format";
  }

  private AnswerFormat format() {
    MessagesWire.OutputConfig config = asked.outputConfig();
    MessagesWire.OutputFormat format =
        config != null && config.format() != null ? config.format() : asked.outputFormat();
    return format == null
        ? new AnswerFormat.Text()
        : FormatFields.format(
            format.type(), new FormatFields(null, null, format.schema(), null), formatAt());
  }
}
