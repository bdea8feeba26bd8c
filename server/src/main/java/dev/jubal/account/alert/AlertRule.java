package dev.jubal.account.alert;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What of a team is watched, and who is told. */
public record AlertRule(String id, String teamId, Terms terms, Destinations to, Instant created) {
  /** All models. */
  public static final String EVERY_MODEL = "*";

  /** What can be watched. */
  public enum Kind {
    /** Each budget of the team and its credits, by the part that is spent. */
    BUDGET("percent", 0, 1, 1000),
    /** The mean cost of a request, by how often it is that of the seven days before. */
    COST_PER_REQUEST("times", 60, 1.1, 10_000),
    /** Requests that the server failed (498 and 5xx), of those that were settled. */
    ERROR_RATE("percent", 5, 0.001, 100),
    /** From the admission to the end; 95 of 100 requests are faster. */
    LATENCY("ms", 5, 1, 86_400_000),
    /** From the admission to the first token; 95 of 100 requests are faster. */
    FIRST_TOKEN("ms", 5, 1, 86_400_000),
    /** Until a limit of tokens is used up, at the rate of the busiest minute. */
    TOKEN_FORECAST("minutes", 60, 1, 10_080);

    private final String unit;
    private final int usualWindow;
    private final double least;
    private final double most;

    Kind(String unit, int usualWindow, double least, double most) {
      this.unit = unit;
      this.usualWindow = usualWindow;
      this.least = least;
      this.most = most;
    }

    /** As it is stored and written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The unit of its thresholds: percent, times, ms or minutes. */
    public String unit() {
      return unit;
    }

    private List<Double> usual() {
      return switch (this) {
        case BUDGET -> List.of(50.0, 80.0, 100.0);
        case COST_PER_REQUEST -> List.of(3.0);
        case ERROR_RATE -> List.of(10.0);
        case LATENCY -> List.of(60_000.0);
        case FIRST_TOKEN -> List.of(10_000.0);
        case TOKEN_FORECAST -> List.of(60.0);
      };
    }

    /** Whether it counts requests of a window of time. */
    public boolean windowed() {
      return this != BUDGET;
    }

    /** Whether it is crossed from above. */
    boolean falling() {
      return this == TOKEN_FORECAST;
    }

    boolean crossed(double value, double level) {
      return falling() ? value <= level : value >= level;
    }

    /** Whether it is so far on the good side that the next crossing is another one. */
    boolean over(double value, double level) {
      return falling() ? value > level * 1.1 : value < level * 0.9;
    }

    /** All of them, as they are written. */
    public static String all() {
      return Arrays.stream(values()).map(Kind::text).collect(Collectors.joining(", "));
    }

    /**
     * The one of a name.
     *
     * @throws ApiException 400 with the names there are
     */
    public static Kind of(String text) {
      return Arrays.stream(values())
          .filter(k -> k.text().equals(text))
          .findFirst()
          .orElseThrow(() -> wrong("kind", "\"" + text + "\"", "one of " + all()));
    }
  }

  /**
   * What is watched.
   *
   * @param thresholds in the unit of the kind, ascending; each is told of
   * @param windowMinutes how long what is counted reaches back; 0 for budgets, which have windows
   * @param minRequests fewer requests in the window say nothing
   * @param model a name of the catalogue, or {@value #EVERY_MODEL} for all together
   */
  public record Terms(
      Kind kind, List<Double> thresholds, int windowMinutes, long minRequests, String model) {
    private static final int MOST_THRESHOLDS = 10;
    private static final int LONGEST_WINDOW = 24 * 60;
    private static final long USUAL_REQUESTS = 20;
    private static final long MOST_REQUESTS = 1_000_000_000;

    public Terms {
      thresholds = thresholds.stream().distinct().sorted().toList();
      check(kind, thresholds);
      checkWindow(kind, windowMinutes);
      if (minRequests < 1 || minRequests > MOST_REQUESTS) {
        throw wrong("minRequests", Long.toString(minRequests), "1 to " + MOST_REQUESTS);
      }
      if (model.isBlank() || model.length() > 256) {
        throw wrong("model", "\"" + model + "\"", "a name of the catalogue, or *");
      }
      if (!kind.windowed() && !model.equals(EVERY_MODEL)) {
        throw wrong("model", "\"" + model + "\"", "* for budgets, which count all models");
      }
    }

    private static void check(Kind kind, List<Double> thresholds) {
      if (thresholds.isEmpty() || thresholds.size() > MOST_THRESHOLDS) {
        throw wrong(
            "thresholds", thresholds.size() + " of them", "1 to " + MOST_THRESHOLDS + " numbers");
      }
      for (double t : thresholds) {
        if (!(t >= kind.least && t <= kind.most)) {
          throw wrong(
              "thresholds",
              number(t),
              number(kind.least) + " to " + number(kind.most) + " " + kind.unit);
        }
      }
    }

    private static void checkWindow(Kind kind, int minutes) {
      if (kind.windowed() && (minutes < 1 || minutes > LONGEST_WINDOW)) {
        throw wrong("windowMinutes", Integer.toString(minutes), "1 to " + LONGEST_WINDOW);
      }
      if (!kind.windowed() && minutes != 0) {
        throw wrong(
            "windowMinutes", Integer.toString(minutes), "none for budgets: each has its own");
      }
    }

    /** Those of a kind that say nothing else. */
    public static Terms usual(Kind kind) {
      return new Terms(kind, kind.usual(), kind.usualWindow, USUAL_REQUESTS, EVERY_MODEL);
    }

    /** The same, but for what is given. */
    public Terms but(
        Optional<List<Double>> otherThresholds,
        Optional<Integer> otherWindow,
        Optional<Long> otherRequests,
        Optional<String> otherModel) {
      return new Terms(
          kind,
          otherThresholds.orElse(thresholds),
          otherWindow.orElse(windowMinutes),
          otherRequests.orElse(minRequests),
          otherModel.orElse(model));
    }
  }

  /**
   * Who is told: at least one.
   *
   * @param url is called, signed; it may hold a secret, so it is never shown
   * @param emails get a mail each
   */
  public record Destinations(Optional<String> url, List<String> emails) {
    static final int MOST_EMAILS = 10;
    private static final int MOST_URL = 2048;

    public Destinations {
      emails = emails.stream().distinct().toList();
      url.filter(u -> u.length() > MOST_URL || u.contains("***"))
          .ifPresent(
              u -> {
                throw wrong(
                    "url",
                    u.length() + " characters",
                    "the whole address, at most "
                        + MOST_URL
                        + " characters; *** stands in answers"
                        + " for what they do not show");
              });
      if (url.isEmpty() && emails.isEmpty()) {
        throw wrong("url", "none, and no emails", "a URL, addresses, or both");
      }
      if (emails.size() > MOST_EMAILS) {
        throw wrong("emails", emails.size() + " of them", "at most " + MOST_EMAILS);
      }
      for (String email : emails) {
        if (!dev.jubal.platform.mail.SmtpConfig.address(email)) {
          throw wrong("emails", "\"" + email + "\"", "plain addresses such as ops@example.com");
        }
      }
    }

    /** The address without what could be secret in it. */
    public Optional<String> shownUrl() {
      return url.map(u -> u.replaceFirst("(?s)^([a-zA-Z]+://[^/?#]*).*", "$1/***"));
    }
  }

  static ApiException wrong(String field, String value, String expected) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE, field, field + ": " + value + " (expected: " + expected + ").");
  }

  /** A number with at most three digits behind the point, and none that say nothing. */
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    return new BigDecimal(value)
        .setScale(3, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
