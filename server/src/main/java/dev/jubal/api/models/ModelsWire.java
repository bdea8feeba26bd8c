package dev.jubal.api.models;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of the model lists. Prices are whole ticks (1e-10 USD) a token. */
final class ModelsWire {
  private ModelsWire() {}

  /** {@code GET /v1/models}. */
  record ModelList(String object, List<Model> data) {
    ModelList(List<Model> data) {
      this("list", data);
    }
  }

  /** The lists by kind. */
  record Models(List<Model> models) {}

  /**
   * A name.
   *
   * @param aliasOf the name answers report, on a row that is an alias
   * @param created seconds since 1970
   * @param contextLength tokens that what stands behind the name takes; absent when it cannot say
   * @param inputModalities what it takes now
   * @param capabilities what it can do now
   * @param reasoning of a reasoning name: native where the weights think by themselves, two_pass
   *     where they are made to: a bounded thought, then the answer
   * @param pictures seen where the weights see them by themselves, described where they are told in
   *     words what can be found out of them; absent where no pictures are taken
   * @param longContextThreshold prompt tokens from which on the long prices hold; 0 for none
   * @param fingerprint changes when other weights stand behind the name
   * @param version what stands behind the name
   * @param licence SPDX id of the weights
   * @param backend what stands behind the name, as {@code x-jubal-backend} states it
   * @param inputEncoding what token ids in an embedding's input are ids of; absent for the weights'
   *     own vocabulary
   * @param defaults what a request gets that says nothing
   * @param published the vendor's own figures for the name, kept apart
   */
  record Model(
      String id,
      String object,
      long created,
      String ownedBy,
      List<String> aliases,
      @Nullable String aliasOf,
      @Nullable Long contextLength,
      List<String> inputModalities,
      List<String> outputModalities,
      Capabilities capabilities,
      @Nullable String reasoning,
      @Nullable String pictures,
      long promptTextTokenPrice,
      long cachedPromptTextTokenPrice,
      long promptImageTokenPrice,
      long completionTextTokenPrice,
      long promptTextTokenPriceLongContext,
      long cachedPromptTextTokenPriceLongContext,
      long completionTextTokenPriceLongContext,
      long longContextThreshold,
      long searchPrice,
      String priceSource,
      @Nullable String fingerprint,
      @Nullable String version,
      @Nullable String licence,
      @Nullable String backend,
      @Nullable String inputEncoding,
      @Nullable Defaults defaults,
      Published published) {}

  /** An empty list of efforts: the parameter is refused. */
  record Capabilities(List<String> reasoningEffort, @Nullable String defaultReasoningEffort) {}

  /** What a request gets that says nothing. */
  record Defaults(
      @Nullable Double temperature, @Nullable Double topP, @Nullable String systemPrompt) {}

  /**
   * What the vendor published; a figure it did not publish is absent.
   *
   * @param knowledgeCutoff a month or a day
   * @param rejects parameters a request may not set
   * @param prices all of them, oldest first
   */
  record Published(
      @Nullable Long contextLength,
      @Nullable String knowledgeCutoff,
      List<String> inputModalities,
      List<String> outputModalities,
      Capabilities capabilities,
      List<String> rejects,
      List<PublishedPrice> prices) {}

  /** A price from a day on. */
  record PublishedPrice(
      String from,
      long promptTextTokenPrice,
      long cachedPromptTextTokenPrice,
      long completionTextTokenPrice,
      String source) {}
}
