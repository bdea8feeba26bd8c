package dev.jubal.account.budget;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Usd;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is said of budgets, and what rows say of requests. */
final class Words {
  private Words() {}

  /** What a request asked for, as its row has it. */
  static Demand demand(LedgerRow row) {
    LedgerRow.Owner owner = row.owner();
    Principal holder =
        new Principal(owner.keyId(), "", "", owner.userId(), owner.teamId(), List.of());
    return new Demand(
        row.requestId(),
        holder.of(owner.project()),
        row.reserved().endUser(),
        row.endpoint(),
        row.modelResolved(),
        row.price(),
        Demand.Tokens.NONE,
        false,
        row.admitted());
  }

  /** A budget that has no room for so much, as it is told. */
  static Bound bound(Demand demand, Budget budget, long taken, long asked, Instant now) {
    Optional<Duration> reset =
        asked > budget.ticks()
            ? Optional.empty()
            : budget
                .window()
                .end(demand.at())
                .map(end -> Duration.between(now, end))
                .filter(d -> !d.isNegative());
    return new Bound(
        budget.name(),
        whose(demand, budget),
        Bound.Figure.ofTicks(budget.ticks()),
        Bound.Figure.ofTicks(taken),
        Bound.Figure.ofTicks(asked),
        "USD",
        reset,
        Optional.of(
            budget.window() == Window.PREPAID && budget.scope() == Budget.Scope.TEAM
                ? "credits are added with: jubal credit add"
                : "its amount is changed with: jubal budget set"));
  }

  /** The hard budget of these that has least left. */
  static Optional<Guard.Left> left(Demand demand, List<Budgets.Use> uses, Instant now) {
    long asked = demand.mostTicks(demand.tokens());
    return uses.stream()
        .filter(u -> u.budget().hard())
        .min(Comparator.comparingLong(Words::left))
        .map(
            u -> {
              long taken = Math.addExact(u.settled(), u.reserved());
              return new Guard.Left(left(u), bound(demand, u.budget(), taken, asked, now));
            });
  }

  private static long left(Budgets.Use use) {
    return Math.max(0, use.budget().ticks() - Math.addExact(use.settled(), use.reserved()));
  }

  private static String whose(Demand demand, Budget budget) {
    Principal who = demand.principal();
    return switch (budget.scope()) {
      case TEAM -> "team " + who.teamId();
      case PROJECT -> "project " + who.account().project().orElse("");
      case KEY -> "key " + who.keyName();
      case END_USER -> "end user " + demand.endUser().orElse("");
    };
  }

  /** What a header says of a soft budget; empty when it is not passed. */
  static Optional<String> passed(Budgets.Use use, Instant at) {
    Budget b = use.budget();
    long taken = Math.addExact(use.settled(), use.reserved());
    if (b.hard() || taken <= b.ticks()) {
      return Optional.empty();
    }
    return Optional.of(
        b.name()
            + ";scope="
            + b.scope().text()
            + ";used=\""
            + Usd.text(taken)
            + "\";limit=\""
            + Usd.text(b.ticks())
            + "\";unit=USD"
            + b.window().end(at).map(end -> ";reset=\"" + end + "\"").orElse(""));
  }

  /** The ledger could not be written. */
  static Bound unwritten(Demand demand, long more) {
    return new Bound(
        "ledger_unavailable",
        "team " + demand.principal().teamId(),
        Bound.Figure.of(0),
        Bound.Figure.of(0),
        Bound.Figure.ofTicks(more),
        "USD",
        Optional.empty(),
        Optional.of("the ledger cannot be written"));
  }

  /** What is held could not be told to the other nodes; the same again may pass. */
  static ApiException unwritable(DatabaseException cause) {
    return new ApiException(
        ErrorCode.LEDGER_UNAVAILABLE,
        "What the request holds cannot be written.",
        null,
        Duration.ofSeconds(1),
        cause);
  }

  static ApiException unreadable(DatabaseException cause) {
    return ApiException.unavailable("Budgets cannot be read now.", cause);
  }
}
