package dev.jubal.llama;

import org.jspecify.annotations.Nullable;

/**
 * A loaded model.
 *
 * @param description the library's own, such as "llama 135M Q4_0"
 * @param contextTokens most tokens a slot holds, prompt and answer together
 * @param trainedContextTokens the context the model was trained for
 * @param vocabulary number of tokens
 * @param parameters number of weights
 * @param fileBytes size of the weights
 * @param slots how many choices run at once
 * @param template the chat template the file carries, in Jinja, or null
 */
public record ModelInfo(
    String description,
    int contextTokens,
    int trainedContextTokens,
    int vocabulary,
    long parameters,
    long fileBytes,
    int slots,
    @Nullable String template) {}
