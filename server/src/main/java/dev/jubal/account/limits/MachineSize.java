package dev.jubal.account.limits;

import java.util.List;

/**
 * What a team may have that runs the server for itself: what the machine could do at best and more,
 * so that nothing but a caller that runs wild meets it. For a name of the catalogue each slot
 * counts for 1,000 requests and 100,000 tokens a second, cached prompts included, and there are 16
 * at least; eight times what the slots and the queue hold may be open at once, 4,096 at least.
 *
 * @param slots choices that are generated at once
 * @param queue requests that may wait
 */
public record MachineSize(int slots, int queue) {
  private static final int LEAST_SLOTS = 16;
  private static final long REQUESTS = 1_000;
  private static final long TOKENS = 100_000;
  private static final long SECONDS = 60;
  private static final long LEAST_OPEN = 4096;

  List<Rule> rules() {
    long counted = Math.max(LEAST_SLOTS, slots);
    return List.of(
        new Rule(Scope.MODEL, "*", Quota.REQUESTS_PER_SECOND, counted * REQUESTS),
        new Rule(Scope.MODEL, "*", Quota.TOKENS_PER_MINUTE, counted * TOKENS * SECONDS),
        new Rule(
            Scope.TEAM,
            "*",
            Quota.CONCURRENT_REQUESTS,
            Math.max(LEAST_OPEN, 8L * ((long) slots + queue))));
  }
}
