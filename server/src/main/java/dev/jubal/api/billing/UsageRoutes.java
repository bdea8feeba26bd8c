package dev.jubal.api.billing;

import dev.jubal.account.billing.Billing;
import dev.jubal.account.ledger.UsageReader;
import dev.jubal.account.ledger.UsageReader.By;
import dev.jubal.account.ledger.UsageReader.Unit;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.Times;
import dev.jubal.platform.json.WireReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was used: as time series, and whole as CSV or JSON. */
final class UsageRoutes {
  private static final Map<String, By> GROUPS =
      Map.of(
          "api_key_id", By.KEY,
          "project_id", By.PROJECT,
          "description", By.MODEL,
          "endpoint", By.ENDPOINT);

  /** As clients of xAI write a moment: the zone stands beside it. */
  private static final Pattern WITHOUT_ZONE =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}");

  private static final String NO_UNITS =
      "; sums are not kept by kind of unit: ask for values such as prompt_tokens instead";
  private static final int MOST_POINTS = 10_000;
  private static final int MOST_FILTERS = 1000;
  private static final double TICKS_A_USD = 1e10;

  private final Billing billing;
  private final Function<Call, String> team;

  UsageRoutes(Billing billing, Function<Call, String> team) {
    this.billing = billing;
    this.team = team;
  }

  void register(Routes routes) {
    routes.add(
        Route.post(BillingFeature.TEAM + "usage")
            .access(Access.MANAGEMENT, BillingFeature.READ)
            .summary("Sums usage and cost over time.")
            .takes(BillingWire.UsageRequest.class)
            .gives(BillingWire.Usage.class)
            .handle(this::usage));
    routes.add(
        Route.get(BillingFeature.TEAM + "usage/export")
            .access(Access.MANAGEMENT, BillingFeature.READ)
            .summary("Usage by key, project, model and endpoint, as JSON or, by format=csv, CSV.")
            .query("from", "a time in RFC 3339, inclusive")
            .query("to", "a time in RFC 3339, exclusive")
            .query("unit", "hour or day (the default)")
            .query("format", "json (the default) or csv")
            .gives(BillingWire.Export.class)
            .handle(this::export));
  }

  private void usage(Call call, Exchange out) {
    String of = team.apply(call);
    BillingWire.Analytics asked =
        WireReader.read(call.takeBody(), BillingWire.UsageRequest.class).value().analyticsRequest();
    BillingWire.TimeRange range = asked.timeRange();
    String zone = range.timezone() == null ? "UTC" : range.timezone();
    if (!List.of("UTC", "Etc/UTC", "GMT", "Etc/GMT").contains(zone)) {
      throw wrong("analyticsRequest.timeRange.timezone", zone, "UTC: sums are of its days");
    }
    List<String> groups = asked.groupBy() == null ? List.of() : asked.groupBy();
    List<UsageReader.Line> lines =
        billing.usage(
            new UsageReader.Question(
                of,
                time("analyticsRequest.timeRange.startTime", range.startTime()),
                time("analyticsRequest.timeRange.endTime", range.endTime()),
                unit(asked.timeUnit()),
                groups.stream().map(g -> by("analyticsRequest.groupBy", g, g)).toList(),
                only(asked.filters() == null ? List.of() : asked.filters())));
    List<String> values =
        asked.values() == null
            ? List.of("usd")
            : asked.values().stream().map(BillingWire.Value::name).toList();
    out.json(200, series(lines, values));
  }

  private static BillingWire.Usage series(List<UsageReader.Line> lines, List<String> values) {
    Map<List<String>, List<BillingWire.Point>> found = new LinkedHashMap<>();
    for (UsageReader.Line line : lines.subList(0, Math.min(lines.size(), MOST_POINTS))) {
      found
          .computeIfAbsent(line.group(), g -> new ArrayList<>())
          .add(
              new BillingWire.Point(
                  line.start().toString(), values.stream().map(v -> value(line, v)).toList()));
    }
    return new BillingWire.Usage(
        found.entrySet().stream()
            .map(e -> new BillingWire.Series(e.getKey(), e.getKey(), e.getValue()))
            .toList(),
        lines.size() > MOST_POINTS);
  }

  private static double value(UsageReader.Line line, String name) {
    return switch (name) {
      case "usd" -> line.costTicks() / TICKS_A_USD;
      case "requests" -> line.requests();
      case "prompt_tokens" -> line.usage().prompt();
      case "cached_tokens" -> line.usage().cached();
      case "completion_tokens" -> line.usage().completion();
      case "reasoning_tokens" -> line.usage().reasoning();
      default -> throw wrong("analyticsRequest.values", name, "usd, requests or a kind of tokens");
    };
  }

  /** What the name says that stands in a value of a field. */
  private static By by(String field, String value, String name) {
    By by = GROUPS.get(name);
    if (by == null) {
      String known = String.join(", ", new TreeSet<>(GROUPS.keySet()));
      throw wrong(field, value, name.equals("unit_type") ? known + NO_UNITS : known);
    }
    return by;
  }

  private static Map<By, Set<String>> only(List<String> filters) {
    String field = "analyticsRequest.filters";
    if (filters.size() > MOST_FILTERS) {
      throw wrong(field, filters.size() + " of them", "at most " + MOST_FILTERS);
    }
    Map<By, Set<String>> only = new EnumMap<>(By.class);
    for (String filter : filters) {
      int colon = filter.indexOf(':');
      if (colon < 0) {
        throw wrong(field, filter, "NAME:VALUE, such as api_key_id:ID");
      }
      By by = by(field, filter, filter.substring(0, colon));
      only.computeIfAbsent(by, b -> new HashSet<>()).add(filter.substring(colon + 1));
    }
    return only;
  }

  private static Unit unit(@Nullable String unit) {
    return switch (unit == null ? "TIME_UNIT_NONE" : unit) {
      case "TIME_UNIT_HOUR" -> Unit.HOUR;
      case "TIME_UNIT_DAY" -> Unit.DAY;
      case "TIME_UNIT_MONTH" -> Unit.MONTH;
      default -> Unit.NONE;
    };
  }

  private void export(Call call, Exchange out) {
    String of = team.apply(call);
    String unit = call.query("unit").orElse("day").toLowerCase(Locale.ROOT);
    if (!List.of("hour", "day").contains(unit)) {
      throw wrong("unit", unit, "hour or day");
    }
    String format = call.query("format").orElse("json").toLowerCase(Locale.ROOT);
    if (!List.of("json", "csv").contains(format)) {
      throw wrong("format", format, "json or csv");
    }
    UsageReader.Question question =
        new UsageReader.Question(
            of,
            time("from", call.query("from").orElse("")),
            time("to", call.query("to").orElse("")),
            unit.equals("hour") ? Unit.HOUR : Unit.DAY,
            List.of(By.KEY, By.PROJECT, By.MODEL, By.ENDPOINT));
    ExportBody body = new ExportBody(out, format.equals("csv"));
    try {
      billing.eachUsage(question, body::add);
      body.end();
    } catch (RuntimeException e) {
      body.failed(e);
      throw e;
    }
  }

  private static Instant time(String field, String text) {
    return Times.read(
        field, WITHOUT_ZONE.matcher(text).matches() ? text.replace(' ', 'T') + "Z" : text);
  }

  private static ApiException wrong(String field, String value, String expected) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE,
        field,
        field + ": \"" + value + "\" (expected: " + expected + ").");
  }
}
