package dev.jubal.account.limits;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What holds for one kind of request: each scope's limits, those that there are.
 *
 * @param most the limits
 * @param next the tier above, when a higher tier would help
 */
public record Limits(Map<Scope, Map<Quota, Long>> most, Optional<Next> next) {
  static final Limits NONE = new Limits(Map.of(), Optional.empty());

  public Limits {
    most = Map.copyOf(most);
  }

  /**
   * What a tier allows for the same request.
   *
   * @param most those of the limits that would be larger, {@link Rule#NONE} where there would be
   *     none
   */
  public record Next(String tier, Map<Scope, Map<Quota, Long>> most) {
    public Next {
      most = Map.copyOf(most);
    }

    OptionalLong of(Scope scope, Quota quota) {
      Long value = most.getOrDefault(scope, Map.of()).get(quota);
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }

  Map<Quota, Long> of(Scope scope) {
    return most.getOrDefault(scope, Map.of());
  }
}
