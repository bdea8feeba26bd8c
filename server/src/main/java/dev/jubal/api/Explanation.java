package dev.jubal.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.ledger.Usd;
import dev.jubal.inference.Generator;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Route;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a request, without an answer to it: {@code POST /v1/admission/explain}.
 *
 * @param wouldPass whether it would be admitted now
 * @param refusal what stands against it, null when it would pass
 * @param promptTokens what is read
 * @param promptCounted whether the model's own tokenizer counted that; else it is an upper bound
 * @param maxOutputTokens what may be written in the end
 * @param reserved what is held before it begins
 * @param maxCost what it can cost in the end
 * @param limits how it stands against each limit and budget
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Explanation(
    String object,
    String model,
    boolean wouldPass,
    @Nullable Refusal refusal,
    long promptTokens,
    boolean promptCounted,
    long maxOutputTokens,
    Cost reserved,
    Cost maxCost,
    List<Limit> limits) {

  /** What stands against it. */
  public record Refusal(int status, String code, String message) {}

  /** Tokens, and what they cost at most; a tick is 1e-10 USD. */
  public record Cost(long tokens, long costInUsdTicks, String usd) {}

  /**
   * How it stands against one limit or budget.
   *
   * @param scope whose it is
   * @param most its value
   * @param used what of it is taken
   * @param asked what would be taken first
   * @param resetsInSeconds until as much is free; null when not by itself
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Limit(
      String name,
      String scope,
      String most,
      String used,
      String asked,
      String unit,
      @Nullable Long resetsInSeconds) {}

  /**
   * The route of a dialect, without its handler.
   *
   * @param dialect the last part of its path, empty for the usual one
   * @param endpoint what a key needs for the request itself
   */
  public static Route.Builder route(
      String dialect, String endpoint, Class<? extends Record> request) {
    return Route.post("/v1/admission/explain" + (dialect.isEmpty() ? "" : "/" + dialect))
        .access(Access.ENDPOINT, endpoint)
        .summary(
            "Says whether a request would pass now, under which limits and budgets, and what it"
                + " could cost at most; free of charge.")
        .takes(request)
        .gives(Explanation.class);
  }

  /** As it is told. */
  public static Explanation of(Generator.Explained e) {
    Demand demand = e.demand();
    return new Explanation(
        "admission.explanation",
        e.model(),
        e.refusal().isEmpty(),
        e.refusal().map(Explanation::refusal).orElse(null),
        demand.tokens().prompt(),
        demand.exact(),
        e.most().output(),
        cost(demand, demand.tokens()),
        cost(demand, e.most()),
        e.bounds().stream().map(Explanation::limit).toList());
  }

  private static Refusal refusal(ApiException e) {
    return new Refusal(e.code().status(), e.code().code(), e.text());
  }

  private static Cost cost(Demand demand, Demand.Tokens tokens) {
    long ticks = demand.mostTicks(tokens);
    return new Cost(tokens.total(), ticks, Usd.text(ticks));
  }

  private static Limit limit(Bound b) {
    return new Limit(
        b.name(),
        b.scope(),
        b.most().text(),
        b.used().text(),
        b.asked().text(),
        b.unit(),
        b.reset().map(Duration::toSeconds).orElse(null));
  }
}
