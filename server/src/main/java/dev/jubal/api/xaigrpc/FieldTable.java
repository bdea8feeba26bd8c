package dev.jubal.api.xaigrpc;

import static dev.jubal.platform.json.Field.Support.IGNORED;
import static dev.jubal.platform.json.Field.Support.REFUSED;
import static dev.jubal.platform.json.Field.Support.SILENT;
import static dev.jubal.platform.json.Field.Support.USED;
import static java.util.Map.entry;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.jubal.platform.json.Field;
import dev.jubal.proto.xai.SearchMode;
import dev.jubal.proto.xai.SearchParameters;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a set field of a request is worth, where it is not simply used. Read by the decoders, and by
 * the parity report, so that the two cannot disagree.
 */
public final class FieldTable {
  private static final String PACKAGE = "xai_api.";

  private static final Map<String, Field.Support> SUPPORT =
      Map.ofEntries(
          entry("GetCompletionsRequest.search_parameters", REFUSED),
          // bounds rounds of server-side tools, of which there are none
          entry("GetCompletionsRequest.max_turns", SILENT),
          entry("GetCompletionsRequest.include", IGNORED),
          entry("GetCompletionsRequest.agent_count", REFUSED),
          entry("GetCompletionsRequest.guidelines", REFUSED),
          entry("Message.name", IGNORED),
          entry("Content.file", REFUSED),
          entry("ImageUrlContent.file_id", REFUSED),
          entry("Tool.web_search", REFUSED),
          entry("Tool.x_search", REFUSED),
          entry("Tool.code_execution", REFUSED),
          entry("Tool.collections_search", REFUSED),
          entry("Tool.mcp", REFUSED),
          entry("Tool.attachment_search", REFUSED),
          entry("Tool.image_generation", REFUSED),
          // arguments always satisfy the schema
          entry("Function.strict", SILENT),
          entry("ToolCall.status", SILENT),
          entry("ToolCall.error_message", SILENT),
          // the answer has no field for them
          entry("SampleTextRequest.logprobs", IGNORED),
          entry("SampleTextRequest.top_logprobs", IGNORED),
          entry("TokenizeTextRequest.user", SILENT),
          entry("EmbedRequest.user", SILENT),
          entry("EmbedInput.image_url", REFUSED));

  /** Fields of answers for which there is nothing yet that they could hold. */
  private static final Set<String> EMPTY =
      Set.of(
          "GetChatCompletionResponse.citations",
          "GetChatCompletionResponse.debug_output",
          "GetChatCompletionResponse.output_files",
          "GetChatCompletionChunk.citations",
          "GetChatCompletionChunk.debug_output",
          "GetChatCompletionChunk.output_files",
          "CompletionMessage.citations",
          "Delta.citations",
          "SamplingUsage.num_sources_used",
          "SamplingUsage.server_side_tools_used",
          "EmbeddingUsage.num_image_embeddings",
          "LanguageModel.version",
          "LanguageModel.search_price",
          "EmbeddingModel.version",
          "EmbeddingModel.prompt_image_token_price",
          "ListImageGenerationModelsResponse.models",
          "ApiKey.api_key_blocked",
          "ApiKey.team_blocked",
          "ToolCall.error_message");

  private FieldTable() {}

  /** Whether a field of an answer is never set. */
  public static boolean empty(FieldDescriptor field) {
    return EMPTY.contains(local(field));
  }

  private static String local(FieldDescriptor field) {
    String name = field.getFullName();
    return name.startsWith(PACKAGE) ? name.substring(PACKAGE.length()) : name;
  }

  /** What a field is worth. */
  public static Field.Support of(FieldDescriptor field) {
    return SUPPORT.getOrDefault(local(field), USED);
  }

  /**
   * Looks at the set fields of one message, not of those inside it.
   *
   * @param at path of the message, empty for the request itself
   * @param ignored takes the names of fields without effect
   * @throws dev.jubal.platform.error.ApiException 400 for a field that asks for what is not there
   */
  static void check(Message message, String at, List<String> ignored) {
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              switch (of(field)) {
                case USED, SILENT -> {
                  // has its effect, or could have none that is missed
                }
                case IGNORED -> ignored.add(path(at, field.getName()));
                case REFUSED -> {
                  if (!neutral(field, value)) {
                    throw Refusal.unavailable(path(at, field.getName()), value, "absent");
                  }
                }
              }
            });
  }

  /** Whether a set field asks for nothing. */
  private static boolean neutral(FieldDescriptor field, Object value) {
    if (value instanceof SearchParameters search) {
      return search.getMode() == SearchMode.OFF_SEARCH_MODE
          || search.getMode() == SearchMode.INVALID_SEARCH_MODE;
    }
    return field.getRealContainingOneof() == null
        && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
        && value.equals(field.getDefaultValue());
  }

  static String path(String at, String field) {
    return at.isEmpty() ? field : at + "." + field;
  }
}
