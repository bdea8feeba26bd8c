package dev.jubal.api.completions;

import dev.jubal.api.Decoded;
import dev.jubal.api.EndUserField;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Tools;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.RecordShape;
import dev.jubal.platform.json.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Station 3: a completions body becomes a {@link GenerationRequest}. */
final class CompletionsDecoder {
  private static final int MOST_LOGPROBS = 20;

  private final CompletionsWire.Request wire;
  private final List<String> ignored;

  private CompletionsDecoder(WireReader.Body<CompletionsWire.Request> body) {
    this.wire = body.value();
    this.ignored = new ArrayList<>(body.ignored());
  }

  /**
   * A read request.
   *
   * @param echo what stands before each answer, possibly nothing
   * @param includeUsage whether the usage is a chunk of its own
   */
  record Completion(Decoded decoded, String echo, boolean includeUsage) {}

  static Completion decode(byte[] body) {
    return new CompletionsDecoder(WireReader.read(body, CompletionsWire.Request.class)).decoded();
  }

  private Completion decoded() {
    String prompt = prompt();
    OptionalInt logprobs = logprobs();
    GenerationRequest request =
        new GenerationRequest(
            "completions",
            wire.model(),
            new Prompt.Text(prompt),
            wire.choice().options(),
            new GenerationRequest.Limits(
                wire.maxTokens() == null ? OptionalInt.empty() : OptionalInt.of(wire.maxTokens()),
                wire.choice().stopTexts()),
            new GenerationRequest.Options(
                wire.choice().choices(),
                logprobs,
                GenerationRequest.Thought.UNSAID,
                EndUserField.of("user", wire.user()),
                new AnswerFormat.Text(),
                Tools.NONE),
            wire.choice().streamed());
    boolean includeUsage = wire.choice().includeUsage(ignored);
    return new Completion(
        new Decoded(request, ignored, Decoded.SchemaFields.NONE),
        echo(prompt, logprobs),
        includeUsage);
  }

  /** One prompt a request: each has a row of its own in the ledger. */
  private String prompt() {
    JsonNode prompt = wire.prompt();
    JsonNode text = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
    if (!text.isString() || text.stringValue().isEmpty()) {
      boolean many = prompt.isArray() && prompt.size() > 1 && prompt.get(0).isString();
      throw ApiException.of(
          many ? ErrorCode.UNSUPPORTED_PARAMETER : ErrorCode.INVALID_VALUE,
          "prompt",
          "prompt: "
              + (many ? prompt.size() + " texts" : RecordShape.shown(prompt))
              + " (expected: one text of at least one character; send a request for each prompt).");
    }
    return text.stringValue();
  }

  private OptionalInt logprobs() {
    JsonNode logprobs = wire.logprobs();
    if (logprobs == null) {
      return OptionalInt.empty();
    }
    if (logprobs.isBoolean()) {
      return logprobs.booleanValue() ? OptionalInt.of(0) : OptionalInt.empty();
    }
    int top = logprobs.canConvertToInt() ? logprobs.intValue() : -1;
    if (top < 0 || top > MOST_LOGPROBS) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "logprobs",
          "logprobs: "
              + RecordShape.shown(logprobs)
              + " (expected: true, false or a whole number from 0 to "
              + MOST_LOGPROBS
              + ").");
    }
    return OptionalInt.of(top);
  }

  private String echo(String prompt, OptionalInt logprobs) {
    if (!Boolean.TRUE.equals(wire.echo())) {
      return "";
    }
    if (logprobs.isPresent()) {
      throw ApiException.of(
          ErrorCode.UNSUPPORTED_PARAMETER,
          "echo",
          "echo: true together with logprobs is not available in this version, since the prompt's"
              + " own probabilities are not known (expected: one of the two).");
    }
    return prompt;
  }
}
