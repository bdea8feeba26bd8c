package dev.jubal.account.enduser;

import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.DatabaseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets a request in when the end user it names meets every rule of its team that concerns it. Holds
 * nothing. What is said of people is read at each such request, so that a consent taken back holds
 * no more; without a database nobody is let in where a rule concerns the request. Thread-safe.
 */
public final class EndUserPolicy implements Guard {
  private static final Hold NOTHING = new Nothing();

  private final EndUserRules rules;
  private final EndUserStore users;
  private final Consumer<EndUserRule.Requirement> refused;

  /**
   * @param refused is told which rule was not met
   */
  public EndUserPolicy(
      EndUserRules rules, EndUserStore users, Consumer<EndUserRule.Requirement> refused) {
    this.rules = rules;
    this.users = users;
    this.refused = refused;
  }

  /**
   * Looks at a request.
   *
   * @throws ApiException 400 when it names nobody and a rule asks for somebody, 403 that names the
   *     rule that is not met, 503 when the database cannot be read
   */
  @Override
  public Hold take(Demand demand) {
    try {
      check(demand);
      return NOTHING;
    } catch (DatabaseException e) {
      throw ApiException.unavailable("What the team asks of end users cannot be read now.", e);
    }
  }

  private void check(Demand demand) {
    String team = demand.principal().teamId();
    List<EndUserRule> concerned =
        rules.of(team).stream().filter(r -> r.concerns(demand.model(), demand.endpoint())).toList();
    if (concerned.isEmpty()) {
      return;
    }
    EndUserRule.Requirement first = concerned.getFirst().requirement();
    String name =
        demand.endUser().filter(u -> !u.isBlank()).orElseThrow(() -> nobody(demand, first));
    Optional<EndUser> known = users.get(team, name);
    for (EndUserRule rule : concerned) {
      if (known.filter(u -> rule.requirement().meets(u, demand.at())).isEmpty()) {
        throw unmet(demand, rule.requirement(), name);
      }
    }
  }

  private void tell(Demand demand, EndUserRule.Requirement rule) {
    if (!demand.question()) {
      refused.accept(rule);
    }
  }

  private ApiException nobody(Demand demand, EndUserRule.Requirement rule) {
    tell(demand, rule);
    return ApiException.of(
        ErrorCode.MISSING_FIELD,
        "user",
        "user is missing (expected: the end user, in user or safety_identifier, as the team's"
            + " policy "
            + rule.text()
            + " asks who it is).");
  }

  private ApiException unmet(Demand demand, EndUserRule.Requirement rule, String name) {
    tell(demand, rule);
    return ApiException.of(
        ErrorCode.PERMISSION_DENIED,
        "user",
        "user: \""
            + name
            + "\" does not meet the team's policy "
            + rule.text()
            + " (expected: somebody of whom the team has said "
            + rule.wanted()
            + ").");
  }

  /** Nothing stands against what was let in before. */
  @Override
  public Hold again(Demand demand) {
    return NOTHING;
  }

  private static final class Nothing implements Hold {
    @Override
    public Optional<Bound> extend(Demand.Tokens more) {
      return Optional.empty();
    }

    @Override
    public void settle(Usage used, long costTicks) {
      // nothing is held
    }
  }
}
