package dev.jubal.account.budget;

/** What happens to budgets, for metrics. Called under locks: it must not block. */
public interface Told {
  /** Nobody is told. */
  Told NOBODY = new Told() {};

  /** A hard budget refused a request, or more for one: so many ticks did not fit. */
  default void refused(Budget budget, String subject, long asked) {}

  /** A soft budget is passed, once in its window for each subject. */
  default void passed(Budget budget, String subject) {}

  /** A request cost more than was held for it. */
  default void overrun(long ticks) {}
}
