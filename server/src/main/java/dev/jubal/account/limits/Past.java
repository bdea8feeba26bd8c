package dev.jubal.account.limits;

import dev.jubal.platform.error.ApiException;
import java.util.List;

/** What callers used before this process began, so that a restart is no way around a limit. */
@FunctionalInterface
public interface Past {
  /** Nobody used anything. */
  Past NONE = (scope, team, name, quota) -> List.of();

  /**
   * What was used within the window of a limit.
   *
   * @param name of the caller within the scope
   * @throws ApiException when it cannot be read
   */
  List<Used> of(Scope scope, String team, String name, Quota quota);

  /**
   * A part of it.
   *
   * @param ageNanos how long ago at most
   * @param amount requests or tokens
   */
  record Used(long ageNanos, long amount) {}
}
