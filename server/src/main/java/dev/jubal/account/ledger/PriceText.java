package dev.jubal.account.ledger;

import dev.jubal.platform.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of prices and usage has no columns of its own, as JSON; most have nothing of that.
 *
 * @param image ticks a token, where it is not that of text; the same of the others
 * @param request ticks a request
 * @param units ticks for one of each
 * @param batch permille of the rates
 * @param service what the rates are for, where that is not the usual one
 */
public record PriceText(
    @Nullable Long image,
    @Nullable Long audio,
    @Nullable Long reasoning,
    @Nullable Long longImage,
    @Nullable Long longAudio,
    @Nullable Long longReasoning,
    @Nullable Long request,
    @Nullable Map<String, Long> units,
    @Nullable Long batch,
    @Nullable Long priority,
    @Nullable String service) {

  /** The same with its units by name. */
  public PriceText sorted() {
    return units == null
        ? this
        : new PriceText(
            image,
            audio,
            reasoning,
            longImage,
            longAudio,
            longReasoning,
            request,
            new TreeMap<>(units),
            batch,
            priority,
            service);
  }

  /** What the columns of a price do not say; empty for nothing. */
  public static Optional<String> of(Price p) {
    Extras e = p.extras();
    boolean plain = p.rate().plain() && p.longRate().plain() && e.equals(Extras.NONE);
    return plain ? Optional.empty() : Optional.of(Json.string(text(p.rate(), p.longRate(), e)));
  }

  private static PriceText text(Price.Rate rate, Price.Rate longRate, Extras e) {
    return new PriceText(
        other(rate.image(), rate.prompt()),
        other(rate.audio(), rate.prompt()),
        other(rate.reasoning(), rate.completion()),
        other(longRate.image(), longRate.prompt()),
        other(longRate.audio(), longRate.prompt()),
        other(longRate.reasoning(), longRate.completion()),
        other(e.request(), 0),
        e.units().isEmpty() ? null : new TreeMap<>(e.units()),
        number(e.batch()),
        number(e.priority()),
        e.service() == Service.DEFAULT ? null : e.service().name().toLowerCase(Locale.ROOT));
  }

  private static @Nullable Long other(long value, long usual) {
    return value == usual ? null : value;
  }

  private static @Nullable Long number(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static OptionalLong maybe(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** A price of columns, with what they do not say. */
  public static Price merged(Price columns, Optional<String> text) {
    return text.map(t -> Json.mapper().readValue(t, PriceText.class))
        .map(t -> t.merged(columns))
        .orElse(columns);
  }

  private Price merged(Price p) {
    Service served =
        service == null ? Service.DEFAULT : Service.valueOf(service.toUpperCase(Locale.ROOT));
    return new Price(
        p.from(),
        rate(p.rate(), image, audio, reasoning),
        p.longThreshold(),
        rate(p.longRate(), longImage, longAudio, longReasoning),
        p.source(),
        new Extras(
            request == null ? 0 : request,
            units == null ? Map.of() : units,
            maybe(batch),
            maybe(priority),
            served));
  }

  private static Price.Rate rate(
      Price.Rate plain, @Nullable Long image, @Nullable Long audio, @Nullable Long reasoning) {
    return new Price.Rate(
        plain.prompt(),
        plain.cached(),
        plain.completion(),
        image == null ? plain.image() : image,
        audio == null ? plain.audio() : audio,
        reasoning == null ? plain.reasoning() : reasoning);
  }

  /** What the columns of a usage do not say; empty for nothing. */
  static Optional<String> of(Usage used) {
    return used.units().isEmpty()
        ? Optional.empty()
        : Optional.of(Json.string(new Units(new TreeMap<>(used.units()))));
  }

  /** A usage of columns, with what they do not say. */
  static Usage merged(Usage columns, Optional<String> text) {
    return text.map(t -> columns.with(Json.mapper().readValue(t, Units.class).units()))
        .orElse(columns);
  }

  private record Units(Map<String, Long> units) {}
}
