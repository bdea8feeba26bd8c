package dev.jubal.api.xaigrpc;

import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.RequestSettings;

/** What a response repeats of its request. */
final class Settings {
  private Settings() {}

  static RequestSettings of(GetCompletionsRequest asked) {
    RequestSettings.Builder s =
        RequestSettings.newBuilder()
            .setParallelToolCalls(!asked.hasParallelToolCalls() || asked.getParallelToolCalls())
            .addAllTools(asked.getToolsList())
            .setUser(asked.getUser())
            .setStoreMessages(asked.getStoreMessages())
            .setUseEncryptedContent(asked.getUseEncryptedContent())
            .addAllInclude(asked.getIncludeList());
    if (asked.hasMaxTokens()) {
      s.setMaxTokens(asked.getMaxTokens());
    }
    if (asked.hasPreviousResponseId()) {
      s.setPreviousResponseId(asked.getPreviousResponseId());
    }
    if (asked.hasReasoningEffort()) {
      s.setReasoningEffort(asked.getReasoningEffort());
    }
    if (asked.hasTemperature()) {
      s.setTemperature(asked.getTemperature());
    }
    if (asked.hasTopP()) {
      s.setTopP(asked.getTopP());
    }
    if (asked.hasResponseFormat()) {
      s.setResponseFormat(asked.getResponseFormat());
    }
    if (asked.hasToolChoice()) {
      s.setToolChoice(asked.getToolChoice());
    }
    if (asked.hasSearchParameters()) {
      s.setSearchParameters(asked.getSearchParameters());
    }
    return s.build();
  }
}
