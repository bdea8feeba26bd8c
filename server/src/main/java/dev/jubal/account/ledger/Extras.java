package dev.jubal.account.ledger;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a price names besides tokens.
 *
 * @param request ticks for each request that did anything
 * @param units ticks for one of each, by the names of {@link Usage#units}
 * @param batch permille of the rates for what is served as a batch; empty where none is published
 * @param priority permille of the rates for what is served before others; the same
 * @param service what the rates are for; factors are in them
 */
public record Extras(
    long request,
    Map<String, Long> units,
    OptionalLong batch,
    OptionalLong priority,
    Service service) {
  public static final Extras NONE =
      new Extras(0, Map.of(), OptionalLong.empty(), OptionalLong.empty());

  public Extras {
    units = Map.copyOf(units);
    if (request < 0
        || negative(batch)
        || negative(priority)
        || !units.entrySet().stream()
            .allMatch(e -> Usage.isUnit(e.getKey()) && e.getValue() >= 0)) {
      throw new IllegalArgumentException(
          "price of a request "
              + request
              + ", units "
              + units
              + ", batch "
              + batch
              + ", priority "
              + priority
              + " (expected: nothing negative; units tool:NAME or media:NAME)");
    }
  }

  /** Those of a list price. */
  public Extras(long request, Map<String, Long> units, OptionalLong batch, OptionalLong priority) {
    this(request, units, batch, priority, Service.DEFAULT);
  }

  private static boolean negative(OptionalLong permille) {
    return permille.orElse(0) < 0;
  }

  OptionalLong permille(Service asked) {
    return switch (asked) {
      case DEFAULT -> OptionalLong.empty();
      case PRIORITY -> priority;
      case BATCH -> batch;
    };
  }

  Extras share(long millionths) {
    Map<String, Long> shares = new TreeMap<>();
    units.forEach((name, ticks) -> shares.put(name, Shares.of(ticks, millionths)));
    return new Extras(Shares.of(request, millionths), shares, batch, priority, service);
  }

  /** Of what is served so: no factor is left, as the rates have it. */
  Extras served(Service as) {
    return new Extras(request, units, OptionalLong.empty(), OptionalLong.empty(), as);
  }

  /** With prices of these units too, where it names none itself. */
  Extras with(Map<String, Long> others) {
    Map<String, Long> all = new TreeMap<>(others);
    all.putAll(units);
    return new Extras(request, all, batch, priority, service);
  }

  Extras withoutUnits() {
    return new Extras(request, Map.of(), batch, priority, service);
  }
}
