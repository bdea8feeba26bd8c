package dev.jubal.llama.constraint.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a number must be. */
record NumberRule(
    @Nullable BigDecimal least,
    boolean leastExcluded,
    @Nullable BigDecimal most,
    boolean mostExcluded,
    boolean integer,
    List<BigDecimal> multiples) {

  static final NumberRule ANY = new NumberRule(null, false, null, false, false, List.of());

  static NumberRule atLeast(BigDecimal least, boolean excluded) {
    return new NumberRule(least, excluded, null, false, false, List.of());
  }

  static NumberRule atMost(BigDecimal most, boolean excluded) {
    return new NumberRule(null, false, most, excluded, false, List.of());
  }

  static NumberRule multiple(BigDecimal of) {
    return new NumberRule(null, false, null, false, false, List.of(of));
  }

  static NumberRule whole() {
    return new NumberRule(null, false, null, false, true, List.of());
  }

  NumberRule and(NumberRule other) {
    if (equals(ANY) || other.equals(ANY)) {
      return equals(ANY) ? other : this;
    }
    boolean ownLeast = tighter(least, other.least, 1, leastExcluded);
    boolean ownMost = tighter(most, other.most, -1, mostExcluded);
    List<BigDecimal> both = new ArrayList<>(multiples);
    other.multiples.stream().filter(multiple -> !both.contains(multiple)).forEach(both::add);
    return new NumberRule(
        ownLeast ? least : other.least,
        ownLeast ? leastExcluded : other.leastExcluded,
        ownMost ? most : other.most,
        ownMost ? mostExcluded : other.mostExcluded,
        integer || other.integer,
        List.copyOf(both));
  }

  private static boolean tighter(
      @Nullable BigDecimal own, @Nullable BigDecimal other, int sign, boolean excluded) {
    if (own == null || other == null) {
      return own != null;
    }
    int order = own.compareTo(other) * sign;
    return order > 0 || (order == 0 && excluded);
  }

  boolean allows(BigDecimal value) {
    BigDecimal low = least;
    BigDecimal high = most;
    if (low != null && value.compareTo(low) < (leastExcluded ? 1 : 0)) {
      return false;
    }
    if (high != null && value.compareTo(high) > (mostExcluded ? -1 : 0)) {
      return false;
    }
    if (integer && value.signum() != 0 && value.stripTrailingZeros().scale() > 0) {
      return false;
    }
    for (BigDecimal multiple : multiples) {
      if (value.remainder(multiple).signum() != 0) {
        return false;
      }
    }
    return true;
  }
}
