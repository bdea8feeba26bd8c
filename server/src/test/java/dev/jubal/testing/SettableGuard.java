package dev.jubal.testing;

import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.limits.Limits;
import dev.jubal.account.limits.LimitsGuard;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Scope;
import java.util.Map;
import java.util.Optional;

/** Limits of a team and model that a test sets, on a clock that stands still. */
public final class SettableGuard implements Guard {
  private volatile LimitsGuard now = guard(Map.of());

  private static LimitsGuard guard(Map<Quota, Long> most) {
    Limits limits =
        new Limits(
            most.isEmpty() ? Map.of() : Map.of(Scope.MODEL, most),
            Optional.of(
                new Limits.Next(
                    "tier-1", Map.of(Scope.MODEL, Map.of(Quota.TOKENS_PER_MINUTE, 15_000_000L)))));
    return new LimitsGuard(demand -> limits, () -> 0, (scope, quota) -> {});
  }

  /** Begins anew with these limits. */
  public void set(Map<Quota, Long> most) {
    now = guard(most);
  }

  @Override
  public Hold take(Demand demand) {
    return now.take(demand);
  }

  @Override
  public Hold again(Demand demand) {
    return now.again(demand);
  }
}
