package dev.jubal.api.complete;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.platform.json.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of {@code POST /v1/complete}. */
final class CompleteWire {
  private CompleteWire() {}

  /** A request. */
  record Request(
      @Field(value = "Name or alias of a model.", required = true) String model,
      @Field(
              value =
                  "Bare text to go on from; or a conversation whose turns begin with an empty line"
                      + " and Human: or Assistant:, which ends with Assistant:.",
              required = true)
          String prompt,
      @Field(value = "Most tokens of the answer.", required = true, min = 1)
          Integer maxTokensToSample,
      @Field("Whether the answer is streamed.") @Nullable Boolean stream,
      @Field(min = 0, max = 2) @Nullable Double temperature,
      @Field(value = "0 takes the likeliest token always.", min = 0, max = 1) @Nullable Double topP,
      @Field(value = "Draws from the k likeliest tokens.", min = 1) @Nullable Integer topK,
      @Field(value = "Texts that end the answer.", max = 4) @Nullable List<String> stopSequences,
      @Nullable Metadata metadata) {}

  /** What the client says about the request. */
  record Metadata(@Field("The caller's own user id.") @Nullable String userId) {}

  /** A whole answer, or what an event adds to it; the reason is null before the last event. */
  record Completion(
      String type,
      String id,
      String completion,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String stopReason,
      String model) {}

  /** Says that the answer is still being made. */
  record Ping(String type) {}
}
