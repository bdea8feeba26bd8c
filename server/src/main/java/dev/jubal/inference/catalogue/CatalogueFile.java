package dev.jubal.inference.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.jubal.account.ledger.Extras;
import dev.jubal.account.ledger.Price;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The catalogue as it is written down; every row names what is wrong with it. */
record CatalogueFile(
    String about,
    Pointers pointTo,
    @Nullable List<PriceRow> tools,
    List<Row> weights,
    List<Row> names) {

  List<Price> toolPrices() {
    return tools == null
        ? List.of()
        : tools.stream()
            .map(p -> p.price("tools"))
            .sorted(Comparator.comparing(Price::from))
            .toList();
  }

  /** Which weights the names of each kind point to. */
  record Pointers(String language, String embedding) {
    String of(Model.Kind kind) {
      return switch (kind) {
        case LANGUAGE -> language;
        case EMBEDDING -> embedding;
      };
    }
  }

  /** A name. {@code backend} and {@code defaults} belong to weights alone. */
  record Row(
      String id,
      List<String> aliases,
      String kind,
      @Nullable String backend,
      String created,
      String ownedBy,
      @Nullable Long context,
      @Nullable String knowledgeCutoff,
      List<String> input,
      List<String> output,
      @Nullable Boolean reasoning,
      List<String> rejects,
      List<String> efforts,
      @Nullable String defaultEffort,
      @Nullable String tokenEncoding,
      @Nullable Standard defaults,
      List<PriceRow> prices) {

    Row {
      require(id != null && !id.isBlank(), "a row", "id", id, "a name");
      require(aliases != null, id, "aliases", aliases, "a list");
      require(kind != null, id, "kind", kind, "language or embedding");
      require(created != null, id, "created", created, "a date");
      require(ownedBy != null, id, "owned_by", ownedBy, "a name");
      require(context != null && context >= 0, id, "context", context, "a count of tokens");
      require(input != null && !input.isEmpty(), id, "input", input, "modalities");
      require(output != null && !output.isEmpty(), id, "output", output, "modalities");
      require(reasoning != null, id, "reasoning", reasoning, "true or false");
      require(rejects != null, id, "rejects", rejects, "a list");
      require(efforts != null, id, "efforts", efforts, "a list");
      require(
          defaultEffort == null || efforts.contains(defaultEffort),
          id,
          "default_effort",
          defaultEffort,
          "one of efforts");
      Integer from = defaults == null ? null : defaults.endFrom;
      require(from == null || from > 0, id, "defaults.end_from", from, "a count of tokens");
      require(prices != null && !prices.isEmpty(), id, "prices", prices, "at least one");
    }

    Model.Kind kindOf() {
      try {
        return Model.Kind.valueOf(kind.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw bad(id, "kind", kind, "language or embedding", e);
      }
    }

    Model.Published published() {
      return new Model.Published(
          context == null ? 0 : context,
          Optional.ofNullable(knowledgeCutoff),
          List.copyOf(input),
          List.copyOf(output),
          ownedBy,
          day(id, "created", created));
    }

    Model.Rules rules() {
      return new Model.Rules(
          Boolean.TRUE.equals(reasoning),
          rejects,
          efforts,
          Optional.ofNullable(defaultEffort),
          Optional.ofNullable(tokenEncoding));
    }

    List<Price> priceList() {
      return prices.stream().map(p -> p.price(id)).toList();
    }

    Model.Defaults defaultsOf() {
      Standard d = defaults;
      return d == null
          ? Model.Defaults.NONE
          : new Model.Defaults(
              Optional.ofNullable(d.temperature),
              Optional.ofNullable(d.topP),
              Optional.ofNullable(d.systemPrompt),
              d.endFrom == null ? OptionalInt.empty() : OptionalInt.of(d.endFrom));
    }
  }

  /** What a request gets that says nothing. */
  record Standard(
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable String systemPrompt,
      @Nullable Integer endFrom) {}

  /**
   * A dated price, ticks a token.
   *
   * @param image of pictures; as text where absent, and so are audio and reasoning
   * @param request ticks a request
   * @param units ticks for one of each
   * @param batchPermille of the rates, where it is served in batches
   */
  record PriceRow(
      @Nullable String from,
      @Nullable Long prompt,
      @Nullable Long cached,
      @Nullable Long completion,
      @Nullable Long image,
      @Nullable Long audio,
      @Nullable Long reasoning,
      @Nullable Long request,
      @Nullable Map<String, Long> units,
      @Nullable Long batchPermille,
      @Nullable Long priorityPermille,
      @JsonProperty("long") @Nullable LongPrompt longPrompt,
      @Nullable String source) {

    /** Absent figures are errors: an unknown price must never turn into 0 by itself. */
    Price price(String id) {
      String where = required(id, "prices.source", source);
      Instant since = day(id, "prices.from", required(id, "prices.from", from));
      Extras extras =
          new Extras(
              request == null ? 0 : request,
              units == null ? Map.of() : units,
              maybe(batchPermille),
              maybe(priorityPermille));
      LongPrompt l = longPrompt;
      if (l == null) {
        return new Price(since, rate(id), 0, Price.Rate.FREE, where, extras);
      }
      long threshold = ticks(id, "prices.long.threshold", l.threshold);
      return new Price(since, rate(id), threshold, l.rate(id), where, extras);
    }

    private Price.Rate rate(String id) {
      long text = ticks(id, "prices.prompt", prompt);
      long written = ticks(id, "prices.completion", completion);
      return new Price.Rate(
          text,
          ticks(id, "prices.cached", cached),
          written,
          ticks(id, "prices.image", image == null ? Long.valueOf(text) : image),
          ticks(id, "prices.audio", audio == null ? Long.valueOf(text) : audio),
          ticks(id, "prices.reasoning", reasoning == null ? Long.valueOf(written) : reasoning));
    }

    private static OptionalLong maybe(@Nullable Long value) {
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }

  /** What a request costs a token once its prompt has {@code threshold} tokens. */
  record LongPrompt(
      @Nullable Long threshold,
      @Nullable Long prompt,
      @Nullable Long cached,
      @Nullable Long completion) {
    Price.Rate rate(String id) {
      return new Price.Rate(
          ticks(id, "prices.long.prompt", prompt),
          ticks(id, "prices.long.cached", cached),
          ticks(id, "prices.long.completion", completion));
    }
  }

  private static long ticks(String id, String field, @Nullable Long value) {
    long ticks = required(id, field, value);
    require(ticks >= 0, id, field, value, "at least 0");
    return ticks;
  }

  private static <T> T required(String id, String field, @Nullable T value) {
    if (value == null) {
      throw bad(id, field, null, "a value", null);
    }
    return value;
  }

  private static Instant day(String id, String field, String text) {
    try {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (java.time.DateTimeException e) {
      throw bad(id, field, text, "a date such as 2025-07-09", e);
    }
  }

  private static void require(
      boolean holds, @Nullable String id, String field, @Nullable Object value, String expected) {
    if (!holds) {
      throw bad(String.valueOf(id), field, value, expected, null);
    }
  }

  private static IllegalArgumentException bad(
      String id, String field, @Nullable Object value, String expected, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "catalogue: " + field + " of " + id + " is " + value + " (expected: " + expected + ").",
        cause);
  }
}
