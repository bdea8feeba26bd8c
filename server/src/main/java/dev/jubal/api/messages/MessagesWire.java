package dev.jubal.api.messages;

import static dev.jubal.platform.json.Field.Support.IGNORED;
import static dev.jubal.platform.json.Field.Support.REFUSED;
import static dev.jubal.platform.json.Field.Support.SILENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.inference.Tools;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Inline;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The records of messages, named and typed as on the wire. */
final class MessagesWire {
  private MessagesWire() {}

  /** A request. */
  record Request(
      @Inline Asked asked,
      @Field(value = "Most tokens of the answer, its thought among them.", required = true, min = 1)
          Integer maxTokens,
      @Field("Whether the answer is streamed.") @Nullable Boolean stream,
      @Field(min = 0, max = 2) @Nullable Double temperature,
      @Field(value = "0 takes the likeliest token always.", min = 0, max = 1) @Nullable Double topP,
      @Field(value = "Draws from the k likeliest tokens.", min = 1) @Nullable Integer topK,
      @Field(value = "Texts that end the answer.", max = 4) @Nullable List<String> stopSequences,
      @Nullable Metadata metadata,
      @Field(
              support = IGNORED,
              oneOf = {"auto", "standard_only"})
          @Nullable String serviceTier,
      @Field(support = IGNORED) @Nullable String inferenceGeo,
      @Field(
              support = IGNORED,
              oneOf = {"standard", "fast"})
          @Nullable String speed,
      @Field(support = REFUSED) @Nullable JsonNode container,
      @Field(support = REFUSED) @Nullable JsonNode mcpServers,
      @Field(support = REFUSED) @Nullable JsonNode contextManagement) {}

  /** A request to count the tokens of a prompt. */
  record CountRequest(@Inline Asked asked) {}

  /** What the prompt is made of, and what shapes it: what a count needs too. */
  record Asked(
      @Field(value = "Name or alias of a model.", required = true) String model,
      @Field(value = "The conversation.", required = true, min = 1) List<Message> messages,
      @Field(
              value = "What stands before the conversation: a text or text blocks.",
              types = {"string", "array"})
          @Nullable JsonNode system,
      @Field(value = "Functions the answer may call.", max = Tools.MOST) @Nullable List<Tool> tools,
      @Nullable ToolChoice toolChoice,
      @Nullable Thinking thinking,
      @Nullable OutputConfig outputConfig,
      @Field("The older place of output_config.format.") @Nullable OutputFormat outputFormat,
      @Field(value = "Prefixes are cached by themselves.", support = SILENT)
          @Nullable JsonNode cacheControl) {}

  /** A message of the conversation. */
  record Message(
      @Field(
              required = true,
              oneOf = {"user", "assistant", "system"})
          String role,
      @Field(
              value =
                  "A text or blocks: text, image, tool_use, tool_result, thinking,"
                      + " redacted_thinking.",
              required = true,
              types = {"string", "array"})
          JsonNode content) {}

  /** A tool: only functions of the client are built. */
  record Tool(
      @Field("custom, also when left out.") @Nullable String type,
      @Field("1 to 128 letters, digits, _, - and ., no two alike.") @Nullable String name,
      @Field("What it does, for the model.") @Nullable String description,
      @Field("JSON Schema of the input, an object schema.") @Nullable ObjectNode inputSchema,
      @Field("Changes nothing: inputs always satisfy the schema.") @Nullable Boolean strict,
      @Field(support = SILENT) @Nullable JsonNode cacheControl,
      @Field(support = IGNORED) @Nullable Boolean deferLoading,
      @Field(support = IGNORED) @Nullable JsonNode allowedCallers,
      @Field(support = IGNORED) @Nullable JsonNode inputExamples,
      @Field(support = SILENT) @Nullable Boolean eagerInputStreaming) {}

  /** Whether and what to call. */
  record ToolChoice(
      @Field(
              required = true,
              oneOf = {"auto", "any", "tool", "none"})
          String type,
      @Field("With the type tool: the name of a tool.") @Nullable String name,
      @Field("Whether one answer holds one call at most.")
          @Nullable Boolean disableParallelToolUse) {}

  /** What is asked of the thought before the answer. */
  record Thinking(
      @Field(
              required = true,
              oneOf = {"enabled", "disabled", "adaptive"})
          String type,
      @Field(value = "Most tokens of the thought, less than max_tokens; enabled needs it.", min = 1)
          @Nullable Integer budgetTokens,
      @Field(
              support = IGNORED,
              neutral = "\"summarized\"",
              oneOf = {"summarized", "omitted"})
          @Nullable String display) {}

  /** What the text of the answer must be, and how much is thought about it. */
  record OutputConfig(
      @Field("Allowed values are those of the model.") @Nullable String effort,
      @Nullable OutputFormat format) {}

  /** A schema that the text of the answer satisfies. */
  record OutputFormat(
      @Field(required = true, oneOf = "json_schema") String type,
      @Field(value = "JSON Schema, draft 2020-12.", required = true) ObjectNode schema) {}

  /** What the client says about the request. */
  record Metadata(@Field("The caller's own user id.") @Nullable String userId) {}

  /** A block of text. */
  record TextBlock(
      @Field(required = true) String type,
      @Field(required = true) String text,
      @Field(support = SILENT) @Nullable JsonNode cacheControl,
      @Field(support = SILENT) @Nullable JsonNode citations) {}

  /** A picture. */
  record ImageBlock(
      @Field(required = true) String type,
      @Field(required = true) ImageSource source,
      @Field(support = SILENT) @Nullable JsonNode cacheControl) {}

  /** Where a picture is. */
  record ImageSource(
      @Field(
              required = true,
              oneOf = {"base64", "url"})
          String type,
      @Field(oneOf = {"image/jpeg", "image/png", "image/gif", "image/webp"})
          @Nullable String mediaType,
      @Nullable String data,
      @Nullable String url) {}

  /** A call that the model made. */
  record ToolUse(
      @Field(required = true) String type,
      @Field(required = true) String id,
      @Field(required = true) String name,
      @Field(required = true) ObjectNode input,
      @Field(support = SILENT) @Nullable JsonNode cacheControl,
      @Field(support = SILENT) @Nullable JsonNode caller) {}

  /** What a call gave. */
  record ToolResult(
      @Field(required = true) String type,
      @Field(required = true) String toolUseId,
      @Field(types = {"string", "array"}) @Nullable JsonNode content,
      @Nullable Boolean isError,
      @Field(support = SILENT) @Nullable JsonNode cacheControl) {}

  /** A thought of an earlier answer. */
  record ThinkingBlock(
      @Field(required = true) String type,
      @Field(required = true) String thinking,
      @Nullable String signature) {}

  /** A thought of an earlier answer that the client cannot read. */
  record RedactedThinking(
      @Field(required = true) String type, @Field(required = true) String data) {}

  /** A whole answer. */
  record Answer(
      String id,
      String type,
      String role,
      String model,
      List<Block> content,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String stopReason,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String stopSequence,
      Used usage) {}

  /** A block of an answer. */
  sealed interface Block {
    /** Text. */
    record Text(String type, String text) implements Block {
      Text(String text) {
        this("text", text);
      }
    }

    /** The thought before all else; the signature lets the server know it again. */
    record Thinking(String type, String thinking, String signature) implements Block {
      Thinking(String thinking, String signature) {
        this("thinking", thinking, signature);
      }
    }

    /** A call. */
    record ToolUse(String type, String id, String name, JsonNode input) implements Block {
      ToolUse(String id, String name, JsonNode input) {
        this("tool_use", id, name, input);
      }
    }
  }

  /**
   * What was used.
   *
   * @param inputTokens those of the prompt that no cache held
   * @param cacheCreationInputTokens always 0, as keeping a prefix costs nothing
   * @param outputTokens those of the thought among them
   */
  record Used(
      long inputTokens,
      long cacheCreationInputTokens,
      long cacheReadInputTokens,
      long outputTokens) {}

  /** How many tokens a prompt has. */
  record Counted(long inputTokens) {}

  /** The first event: an answer that says nothing yet. */
  record MessageStart(String type, Answer message) {
    MessageStart(Answer message) {
      this("message_start", message);
    }
  }

  /** A block begins. */
  record BlockStart(String type, int index, Block contentBlock) {
    BlockStart(int index, Block contentBlock) {
      this("content_block_start", index, contentBlock);
    }
  }

  /** More of a block. */
  record BlockDelta(String type, int index, Delta delta) {
    BlockDelta(int index, Delta delta) {
      this("content_block_delta", index, delta);
    }
  }

  /** What an event adds to a block. */
  sealed interface Delta {
    /** Text. */
    record Text(String type, String text) implements Delta {
      Text(String text) {
        this("text_delta", text);
      }
    }

    /** Thought. */
    record Thinking(String type, String thinking) implements Delta {
      Thinking(String thinking) {
        this("thinking_delta", thinking);
      }
    }

    /** The signature of a thought that is whole. */
    record Signature(String type, String signature) implements Delta {
      Signature(String signature) {
        this("signature_delta", signature);
      }
    }

    /** JSON text of a call's input. */
    record Input(String type, String partialJson) implements Delta {
      Input(String partialJson) {
        this("input_json_delta", partialJson);
      }
    }
  }

  /** A block is whole. */
  record BlockStop(String type, int index) {
    BlockStop(int index) {
      this("content_block_stop", index);
    }
  }

  /** How the answer ended, and what it used in all. */
  record MessageDelta(String type, End delta, Used usage) {
    MessageDelta(End delta, Used usage) {
      this("message_delta", delta, usage);
    }
  }

  /** How an answer ended. */
  record End(
      String stopReason, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String stopSequence) {}

  /** The last event. */
  record MessageStop(String type) {
    MessageStop() {
      this("message_stop");
    }
  }

  /** Says that the answer is still being made. */
  record Ping(String type) {
    Ping() {
      this("ping");
    }
  }
}
