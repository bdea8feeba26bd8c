package dev.jubal.api.complete;

import dev.jubal.api.Decoded;
import dev.jubal.api.EndUserField;
import dev.jubal.api.StopTexts;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.Tools;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.WireReader;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Station 3: a body of {@code /v1/complete} becomes a {@link GenerationRequest}. */
final class CompleteDecoder {
  /** The name in the ledger, in metrics and in ACL rows. */
  static final String ENDPOINT = "complete";

  private CompleteDecoder() {}

  static Decoded decode(byte[] body) {
    WireReader.Body<CompleteWire.Request> read = WireReader.read(body, CompleteWire.Request.class);
    CompleteWire.Request wire = read.value();
    if (wire.prompt().isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "prompt",
          "prompt: \"\" (expected: a text of at least one character).");
    }
    CompleteWire.Metadata metadata = wire.metadata();
    GenerationRequest request =
        new GenerationRequest(
            ENDPOINT,
            wire.model(),
            HumanTurns.of(wire.prompt()),
            new SamplingOptions(
                Optional.ofNullable(wire.temperature()),
                Optional.ofNullable(wire.topP()),
                Optional.ofNullable(wire.topK()),
                Optional.empty(),
                SamplingOptions.Penalties.NONE,
                Map.of(),
                Optional.empty()),
            new GenerationRequest.Limits(
                OptionalInt.of(wire.maxTokensToSample()),
                StopTexts.checked(wire.stopSequences(), "stop_sequences")),
            new GenerationRequest.Options(
                1,
                OptionalInt.empty(),
                GenerationRequest.Thought.UNSAID,
                EndUserField.of("metadata.user_id", metadata == null ? null : metadata.userId()),
                new AnswerFormat.Text(),
                Tools.NONE),
            Boolean.TRUE.equals(wire.stream()));
    return new Decoded(
        request,
        read.ignored(),
        Decoded.SchemaFields.NONE,
        Map.of("stop", "stop_sequences", "messages", "prompt"));
  }
}
