package dev.jubal.account.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.keys.Account;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The limits as the request path sees them: a busy caller costs no query, and what another process
 * changes is seen within half a second. Thread-safe.
 *
 * <p>Of a team's own rule and its tier's the team's counts, of several the one that says most of
 * the model's name; of these and a key's own limits the smaller. A team of the plan {@value
 * #SELF_HOSTED} has the machine's size in place of a tier.
 */
public final class LimitBook implements Function<Demand, Limits> {
  /** The plan of who runs the server for himself. */
  public static final String SELF_HOSTED = "self-hosted";

  private static final Duration FRESH = Duration.ofMillis(500);
  private static final int MOST = 50_000;

  private final LimitStore store;
  private final List<Rule> machine;
  private final LoadingCache<Who, Limits> known;

  public LimitBook(LimitStore store, MachineSize machine) {
    this(store, machine, Ticker.systemTicker());
  }

  LimitBook(LimitStore store, MachineSize machine, Ticker ticker) {
    this.store = store;
    this.machine = machine.rules();
    this.known =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(FRESH)
            .ticker(ticker)
            .executor(Runnable::run)
            .build(this::read);
  }

  /** What a set of limits depends on. */
  private record Who(String team, Account account, String model) {}

  /**
   * What holds for a request.
   *
   * @throws ApiException 503 when it cannot be read
   */
  @Override
  public Limits apply(Demand demand) {
    return of(demand.principal().teamId(), demand.principal().account(), demand.model());
  }

  /**
   * What holds for a caller and a model.
   *
   * @throws ApiException 503 when it cannot be read
   */
  public Limits of(String teamId, Account account, String model) {
    try {
      return known.get(new Who(teamId, account, model));
    } catch (DatabaseException e) {
      throw Refusals.unreadable(e);
    }
  }

  private Limits read(Who who) {
    LimitStore.Rules rules = store.of(who.team, who.account.tier());
    if (who.account.plan().equals(SELF_HOSTED)) {
      return new Limits(most(machine, rules.own(), who), Optional.empty());
    }
    Map<Scope, Map<Quota, Long>> now = most(rules.tier(), rules.own(), who);
    return new Limits(
        now,
        rules
            .next()
            .map(n -> new Limits.Next(n.name(), more(now, most(rules.above(), rules.own(), who)))));
  }

  /** What holds under a tier. */
  private static Map<Scope, Map<Quota, Long>> most(List<Rule> tier, List<Rule> own, Who who) {
    Map<Scope, Map<Quota, Long>> most = new EnumMap<>(Scope.class);
    for (Scope scope : Scope.values()) {
      EnumMap<Quota, Long> found = new EnumMap<>(Quota.class);
      found.putAll(nearest(tier, scope, who.model));
      found.putAll(nearest(own, scope, who.model));
      found.values().removeIf(value -> value == Rule.NONE);
      if (scope == Scope.KEY) {
        key(found, who.account.own());
      }
      if (!found.isEmpty()) {
        most.put(scope, found);
      }
    }
    return most;
  }

  private static Map<Quota, Long> nearest(List<Rule> rules, Scope scope, String model) {
    EnumMap<Quota, Rule> best = new EnumMap<>(Quota.class);
    for (Rule rule : rules) {
      if (rule.scope() == scope && rule.holdsFor(model)) {
        best.merge(rule.quota(), rule, (old, other) -> other.nearerThan(old) ? other : old);
      }
    }
    EnumMap<Quota, Long> most = new EnumMap<>(Quota.class);
    best.forEach((quota, rule) -> most.put(quota, rule.most()));
    return most;
  }

  private static void key(Map<Quota, Long> found, Account.Limits own) {
    put(found, Quota.REQUESTS_PER_SECOND, own.qps());
    put(found, Quota.REQUESTS_PER_MINUTE, own.qpm());
    put(found, Quota.TOKENS_PER_MINUTE, own.tpm());
  }

  private static void put(Map<Quota, Long> found, Quota quota, OptionalLong value) {
    if (value.isPresent()) {
      found.merge(quota, value.getAsLong(), Math::min);
    }
  }

  /** Of what holds now, that of which there would be more, or no limit. */
  private static Map<Scope, Map<Quota, Long>> more(
      Map<Scope, Map<Quota, Long>> now, Map<Scope, Map<Quota, Long>> then) {
    Map<Scope, Map<Quota, Long>> more = new EnumMap<>(Scope.class);
    now.forEach(
        (scope, limits) -> {
          EnumMap<Quota, Long> found = new EnumMap<>(Quota.class);
          limits.forEach(
              (quota, most) -> {
                long other = then.getOrDefault(scope, Map.of()).getOrDefault(quota, Rule.NONE);
                if (other == Rule.NONE || other > most) {
                  found.put(quota, other);
                }
              });
          more.put(scope, found);
        });
    return more;
  }
}
