package dev.jubal.account.limits;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The tiers, lowest first. A team is raised by what it has spent in all and never lowered.
 *
 * @param all at least one
 */
public record Tiers(List<Tier> all) {
  /**
   * One tier.
   *
   * @param grade its place: of two the higher allows more
   * @param spent ticks that lead to it, 1e-10 USD; empty when none do
   */
  public record Tier(String name, long grade, OptionalLong spent) {}

  public Tiers {
    all = all.stream().sorted(Comparator.comparingLong(Tier::grade)).toList();
    if (all.isEmpty()) {
      throw new IllegalArgumentException("no tiers (expected: at least one)");
    }
  }

  /** The tier that so much spent leads to, in ticks of 1e-10 USD. */
  public Tier of(long spentTicks) {
    return all.stream()
        .filter(t -> t.spent().isPresent() && t.spent().getAsLong() <= spentTicks)
        .reduce((lower, higher) -> higher)
        .orElse(all.getFirst());
  }

  /** The tier of a team that has one and has spent so much: the higher of the two. */
  public Tier raised(String current, long spentTicks) {
    Tier now = named(current);
    Tier earned = of(spentTicks);
    return earned.grade() > now.grade() ? earned : now;
  }

  /** The tier of a name; the lowest when there is none of that name. */
  public Tier named(String name) {
    return find(name).orElse(all.getFirst());
  }

  Optional<Tier> find(String name) {
    return all.stream().filter(t -> t.name().equals(name)).findFirst();
  }

  Optional<Tier> above(Tier tier) {
    return all.stream().filter(t -> t.grade() > tier.grade()).findFirst();
  }
}
