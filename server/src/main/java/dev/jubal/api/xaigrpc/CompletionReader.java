package dev.jubal.api.xaigrpc;

import dev.jubal.api.Decoded;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Prompt;
import dev.jubal.proto.xai.GetCompletionsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Station 3: a request of the Chat service becomes a {@link GenerationRequest}. */
final class CompletionReader {
  private static final Decoded.SchemaFields SCHEMAS =
      new Decoded.SchemaFields("response_format.schema", ".function.parameters");

  private CompletionReader() {}

  /** {@code stream} is whether the client takes chunks. */
  static Decoded read(GetCompletionsRequest wire, boolean stream) {
    List<String> ignored = new ArrayList<>();
    FieldTable.check(wire, "", ignored);
    if (wire.getModel().isEmpty()) {
      throw Refusal.missing("model", "name or alias of a model");
    }
    MessageReader messages = new MessageReader(ignored);
    GenerationRequest request =
        new GenerationRequest(
            "chat",
            wire.getModel(),
            new Prompt.Conversation(messages.items(wire.getMessagesList(), "messages")),
            SamplingReader.options(wire),
            SamplingReader.limits(wire.hasMaxTokens(), wire.getMaxTokens(), wire.getStopList()),
            new GenerationRequest.Options(
                SamplingReader.choices(wire.hasN(), wire.getN()),
                SamplingReader.topLogprobs(
                    wire.getLogprobs(), wire.hasTopLogprobs(), wire.getTopLogprobs()),
                GenerationRequest.Thought.of(effort(wire)),
                wire.getUser().isEmpty() ? Optional.empty() : Optional.of(wire.getUser()),
                ToolFields.format(wire),
                ToolFields.tools(wire, ignored)),
            stream);
    return new Decoded(request, ignored, SCHEMAS, Map.of(), messages.pictures());
  }

  private static Optional<String> effort(GetCompletionsRequest wire) {
    if (!wire.hasReasoningEffort()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (wire.getReasoningEffort()) {
          case EFFORT_NONE -> "none";
          case EFFORT_LOW -> "low";
          case EFFORT_MEDIUM -> "medium";
          case EFFORT_HIGH -> "high";
          case EFFORT_XHIGH -> "xhigh";
          case INVALID_EFFORT, UNRECOGNIZED ->
              throw Refusal.value(
                  "reasoning_effort",
                  wire.getReasoningEffortValue(),
                  "EFFORT_NONE, EFFORT_LOW, EFFORT_MEDIUM, EFFORT_HIGH or EFFORT_XHIGH");
        });
  }
}
