package dev.jubal.api.models;

import dev.jubal.account.ledger.Price;
import dev.jubal.api.Fingerprint;
import dev.jubal.inference.Backend;
import dev.jubal.inference.catalogue.Model;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A catalogue row as its wire record. */
final class ModelsEncoder {
  private ModelsEncoder() {}

  /**
   * One name of a row.
   *
   * @param name the id or one of the aliases
   * @param aliases those of the row a caller may use
   * @param weights what stands behind the name, empty when its backend cannot say
   */
  static ModelsWire.Model model(
      String name,
      List<String> aliases,
      Model row,
      Optional<Backend.Weights> weights,
      Instant now) {
    boolean own = name.equals(row.id());
    Price price = row.price(now);
    Price.Rate rate = price.rate();
    Price.Rate longRate = price.longThreshold() > 0 ? price.longRate() : Price.Rate.FREE;
    String backend = weights.map(Backend.Weights::name).orElse(null);
    return new ModelsWire.Model(
        name,
        "model",
        row.published().created().getEpochSecond(),
        row.published().ownedBy(),
        own ? aliases : List.of(),
        own ? null : row.id(),
        weights.map(Backend.Weights::contextTokens).orElse(null),
        row.kind() == Model.Kind.EMBEDDING ? List.of("text") : List.of("text", "image"),
        List.of(row.kind() == Model.Kind.EMBEDDING ? "embedding" : "text"),
        capabilities(row),
        weights.filter(w -> row.rules().reasoning()).map(ModelsEncoder::thinking).orElse(null),
        weights
            .filter(w -> row.kind() == Model.Kind.LANGUAGE)
            .map(w -> w.sees() ? "seen" : "described")
            .orElse(null),
        rate.prompt(),
        rate.cached(),
        rate.image(),
        rate.completion(),
        longRate.prompt(),
        longRate.cached(),
        longRate.completion(),
        price.longThreshold(),
        0,
        price.source(),
        backend == null ? null : Fingerprint.of(backend),
        backend,
        weights.map(Backend.Weights::licence).orElse(null),
        backend,
        row.rules().tokenEncoding().orElse(null),
        defaults(row.defaults()),
        published(row));
  }

  private static ModelsWire.Capabilities capabilities(Model row) {
    return new ModelsWire.Capabilities(
        row.rules().efforts(), row.rules().defaultEffort().orElse(null));
  }

  private static String thinking(Backend.Weights weights) {
    return weights.thinking() == Backend.Weights.Thinking.NOT ? "two_pass" : "native";
  }

  private static ModelsWire.@Nullable Defaults defaults(Model.Defaults d) {
    return d.equals(Model.Defaults.NONE)
        ? null
        : new ModelsWire.Defaults(
            d.temperature().orElse(null), d.topP().orElse(null), d.systemPrompt().orElse(null));
  }

  private static ModelsWire.Published published(Model row) {
    Model.Published p = row.published();
    return new ModelsWire.Published(
        p.contextTokens() > 0 ? p.contextTokens() : null,
        p.knowledgeCutoff().orElse(null),
        p.inputModalities(),
        p.outputModalities(),
        capabilities(row),
        row.rules().rejects(),
        row.prices().stream().map(ModelsEncoder::price).toList());
  }

  private static ModelsWire.PublishedPrice price(Price price) {
    return new ModelsWire.PublishedPrice(
        LocalDate.ofInstant(price.from(), ZoneOffset.UTC).toString(),
        price.rate().prompt(),
        price.rate().cached(),
        price.rate().completion(),
        price.source());
  }
}
