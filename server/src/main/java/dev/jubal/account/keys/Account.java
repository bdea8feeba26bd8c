package dev.jubal.account.keys;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a key is limited and billed by.
 *
 * @param tier the name of its team's limits, such as tier-0
 * @param plan the name of what its team pays by, such as self-hosted
 * @param project the part of the team it belongs to
 * @param own its own limits, within those of its team
 */
public record Account(String tier, String plan, Optional<String> project, Limits own) {
  /** That of a team and key nobody changed. */
  public static final Account USUAL =
      new Account("tier-0", "self-hosted", Optional.empty(), Limits.NONE);

  /** The same, in a part of the team. */
  public Account of(Optional<String> other) {
    return new Account(tier, plan, other, own);
  }

  /**
   * Limits of one key; empty where there is none but its team's.
   *
   * @param qps requests a second
   * @param qpm requests a minute
   * @param tpm tokens a minute
   */
  public record Limits(OptionalLong qps, OptionalLong qpm, OptionalLong tpm) {
    public static final Limits NONE =
        new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
  }
}
