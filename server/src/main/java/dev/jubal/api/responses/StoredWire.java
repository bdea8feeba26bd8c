package dev.jubal.api.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.platform.json.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The records of stored responses and of compaction, named and typed as on the wire. */
final class StoredWire {
  private StoredWire() {}

  /** What a deletion answers. */
  record Deleted(String id, String object, boolean deleted) {}

  /** A page of items; both ids are null when it is empty. */
  record ItemPage(
      String object,
      List<Listed> data,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String firstId,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String lastId,
      boolean hasMore) {}

  /** An item with its id. */
  sealed interface Listed {
    String id();
  }

  /** What was said. */
  record Message(
      String id,
      String type,
      String status,
      String role,
      @Nullable String phase,
      List<Part> content)
      implements Listed {}

  /**
   * A part of a message: input_text, output_text or input_image. The address of a picture that was
   * not kept names its SHA-256 and dimensions.
   */
  record Part(
      String type,
      @Nullable String text,
      @Nullable List<JsonNode> annotations,
      @Nullable List<JsonNode> logprobs,
      @Nullable String imageUrl,
      @Nullable String detail) {}

  /** A call that was made. */
  record FunctionCall(
      String id, String type, String callId, String name, String arguments, String status)
      implements Listed {}

  /**
   * What a call gave.
   *
   * @param output a text, or parts when there is a picture among them
   */
  record FunctionCallOutput(String id, String type, String callId, JsonNode output, String status)
      implements Listed {}

  /** What was thought. */
  record Reasoning(
      String id,
      String type,
      List<ResponsesWire.SummaryText> summary,
      @Nullable String encryptedContent,
      String status)
      implements Listed {}

  /** What stands for an earlier part of a conversation. */
  record Compaction(String id, String type, String encryptedContent) implements Listed {}

  /** How a request fails that came over a WebSocket, before its response was created. */
  record SocketError(String type, int status, SocketErrorBody error) {}

  /** What went wrong; {@code param} is null when it is about no single field. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record SocketErrorBody(String type, String code, String message, @Nullable String param) {}

  /** A conversation to be made shorter. */
  record CompactRequest(
      @Field(value = "Name or alias of the model that summarises.", required = true) String model,
      @Field(
              value = "A text, or items of a conversation; needed without previous_response_id.",
              types = {"string", "array"})
          @Nullable JsonNode input,
      @Field("A system message before all else; without it, that of the previous response.")
          @Nullable String instructions,
      @Field("A stored response: what it was given and said comes before the input.")
          @Nullable String previousResponseId,
      @Field(support = Field.Support.IGNORED) @Nullable String promptCacheKey) {}

  /**
   * A conversation made shorter: its output is given as input in the place of what it stands for.
   */
  record Compacted(
      String id,
      String object,
      long createdAt,
      String model,
      List<Compaction> output,
      CompactUsage usage) {}

  /**
   * What the summarising used.
   *
   * @param droppedMessageCount how many items the summary stands for
   */
  record CompactUsage(
      long inputTokens,
      ResponsesWire.InputTokensDetails inputTokensDetails,
      long outputTokens,
      ResponsesWire.OutputTokensDetails outputTokensDetails,
      long totalTokens,
      int droppedMessageCount,
      long costInUsdTicks) {}
}
