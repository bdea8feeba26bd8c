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

  /** What a tier allows for the same request, by quotas of a team and model. */
  public record Next(String tier, Map<Quota, Long> most) {
    public Next {
      most = Map.copyOf(most);
    }

    OptionalLong of(Quota quota) {
      Long value = most.get(quota);
      return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }

  Map<Quota, Long> of(Scope scope) {
    return most.getOrDefault(scope, Map.of());
  }
}
