package dev.jubal.app.operate;

import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.PriceText;
import dev.jubal.account.ledger.Usd;
import dev.jubal.account.price.PriceStore;
import dev.jubal.platform.config.SecretReferences;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.Printable;
import dev.jubal.platform.json.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * How a value is written, and its one canonical text, by which values are compared.
 *
 * @param expected what is expected, for messages
 * @param canonical makes the canonical text; throws IllegalArgumentException for what is no value
 * @param kind how it is laid out
 * @param mayBeNothing whether null may stand for it
 */
record Form(String expected, UnaryOperator<String> canonical, Kind kind, boolean mayBeNothing) {
  /** What stands for no value, where there may be none: null in the file. */
  static final String NOTHING = "";

  /** The limit that there is not. */
  static final String NO_LIMIT = "none";

  /** What a key to be made may have in place of a reference. */
  static final String GENERATE = "generate";

  private static final long MILLION = 1_000_000;
  private static final long MOST = 1_000_000_000_000L;
  private static final String BETWEEN = "\n";

  /** How a value is laid out. */
  enum Kind {
    /** A text, in quotes where it needs them. */
    TEXT,
    /** A word or a number, never in quotes. */
    BARE,
    /** A list of texts. */
    LIST,
    /** A text that is never shown. */
    HIDDEN
  }

  static final Form NAME = text(128);
  static final Form MODEL = text(PriceStore.MOST_MODEL);
  static final Form SUBJECT = optional(text(BudgetStore.MOST_SUBJECT));
  static final Form OPTIONAL_NAME = optional(NAME);
  static final Form FLAG = words("true", "false");
  static final Form COUNT = whole(0, Long.MAX_VALUE);
  static final Form MONEY = new Form("USD such as 12.50, at least 0", Form::money, Kind.BARE);
  static final Form OPTIONAL_MONEY = optional(MONEY);
  static final Form RATE =
      new Form(
          "USD per million tokens, at least 0, with at most 4 decimals", Form::rate, Kind.BARE);
  static final Form MOMENT =
      new Form("a moment such as 2026-12-01T00:00:00Z, or a day", Form::moment, Kind.BARE);
  static final Form OPTIONAL_MOMENT = optional(MOMENT);
  static final Form KEY_LIMIT = optional(whole(1, MOST));
  static final Form LIMIT =
      new Form(
          COUNT.expected + ", or " + NO_LIMIT,
          text -> text.equals(NO_LIMIT) ? text : COUNT.canonical.apply(text),
          Kind.BARE);
  static final Form NAMES = new Form("a list of texts", text -> text, Kind.LIST);
  static final Form ABOUT = new Form("a text of one line", Form::about, Kind.TEXT);
  static final Form PRICE_TEXT =
      optional(
          new Form(
              "a JSON object of image, audio, reasoning, long_image, long_audio, long_reasoning,"
                  + " request, units, batch, priority, service",
              Form::priceText,
              Kind.TEXT));
  static final Form SECRET =
      new Form(SecretReferences.FORM + ", or " + GENERATE, Form::reference, Kind.HIDDEN);

  /** One that null cannot stand for. */
  Form(String expected, UnaryOperator<String> canonical, Kind kind) {
    this(expected, canonical, kind, false);
  }

  static Form text(int longest) {
    return new Form(
        "1-" + longest + " printable characters",
        checked(t -> Printable.is(t, longest)),
        Kind.TEXT);
  }

  static Form words(String... words) {
    List<String> all = List.of(words);
    return new Form("one of " + String.join(", ", all), checked(all::contains), Kind.BARE);
  }

  static Form whole(long least, long most) {
    return new Form(
        "a whole number, " + least + " to " + most,
        text -> {
          // what has the digits and is too large is a NumberFormatException, as it is to be
          long value = Long.parseLong(whether(text.matches("[0-9]{1,19}"), text));
          return whether(value >= least && value <= most, Long.toString(value));
        },
        Kind.BARE);
  }

  private static Form optional(Form form) {
    return new Form(
        form.expected + ", or null",
        text -> text.equals(NOTHING) ? text : form.canonical.apply(text),
        form.kind,
        true);
  }

  /** Whether a canonical text of it stands for null. */
  boolean nothing(String value) {
    return mayBeNothing && value.equals(NOTHING);
  }

  /** The canonical text of a list. */
  static String joined(List<String> items) {
    return String.join(BETWEEN, items.stream().distinct().sorted().toList());
  }

  /** The texts of a list. */
  static List<String> items(String joined) {
    return joined.isEmpty() ? List.of() : Arrays.asList(joined.split(BETWEEN, -1));
  }

  private static UnaryOperator<String> checked(Predicate<String> good) {
    return text -> whether(good.test(text), text);
  }

  private static String whether(boolean good, String text) {
    if (!good) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  private static String about(String text) {
    return whether(text.length() <= 1000 && text.chars().noneMatch(Character::isISOControl), text);
  }

  private static String money(String text) {
    return Usd.text(ticks(text));
  }

  private static long ticks(String text) {
    try {
      long ticks = Usd.ticks("amount", text);
      if (ticks < 0) {
        throw new IllegalArgumentException();
      }
      return ticks;
    } catch (ApiException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String rate(String text) {
    long ticks = ticks(text);
    return whether(ticks % MILLION == 0, Usd.text(ticks));
  }

  /** Ticks a token of USD per million tokens, in canonical form. */
  static long perToken(String rate) {
    return ticks(rate) / MILLION;
  }

  private static String moment(String text) {
    try {
      return text.matches("\\d{4}-\\d\\d-\\d\\d")
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toString()
          : Instant.parse(text).truncatedTo(ChronoUnit.MICROS).toString();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** As the row of a price has it: without nulls, in the order of the record. */
  private static String priceText(String text) {
    try {
      JsonNode tree = Json.mapper().readTree(text);
      PriceText read = Json.mapper().treeToValue(tree, PriceText.class);
      var _ = PriceText.merged(Price.FREE, Optional.of(text));
      String canonical = Json.string(read.sorted());
      whether(tree.isObject() && tree.size() == Json.mapper().readTree(canonical).size(), text);
      return canonical;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String reference(String text) {
    return whether(text.equals(GENERATE) || SecretReferences.is(text), text);
  }
}
