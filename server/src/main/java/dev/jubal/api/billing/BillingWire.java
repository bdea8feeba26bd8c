package dev.jubal.api.billing;

import dev.jubal.platform.json.CamelCase;
import dev.jubal.platform.json.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of billing, in camelCase; an amount is whole US cents as text. */
final class BillingWire {
  private BillingWire() {}

  private static final long TICKS_A_CENT = 100_000_000;

  /** An amount. */
  @CamelCase
  record Amount(String val) {
    /** To the nearest cent. */
    static Amount of(long ticks) {
      return new Amount(Long.toString(cents(ticks)));
    }

    /** From one sum to the next, so that steps add up to the last, each of them to the cent. */
    static Amount step(long before, long after) {
      return new Amount(Long.toString(cents(after) - cents(before)));
    }

    private static long cents(long ticks) {
      return Math.floorDiv(Math.addExact(ticks, TICKS_A_CENT / 2), TICKS_A_CENT);
    }

    static long ticks(long cents) {
      return Math.multiplyExact(cents, TICKS_A_CENT);
    }
  }

  /** An amount that is asked for. */
  @CamelCase
  record Wanted(@Field(value = "Whole US cents, as text.", required = true) String val) {}

  @CamelCase
  record Info(String name, String address, String email, String taxIdType, String taxNumber) {}

  @CamelCase
  record BillingInfo(Info billingInfo) {}

  @CamelCase
  record Contact(
      @Field("Who is billed.") @Nullable String name,
      @Field("Where.") @Nullable String address,
      @Field("Where bills are sent.") @Nullable String email,
      @Field("The kind of tax number.") @Nullable String taxIdType,
      @Field("The tax number.") @Nullable String taxNumber) {}

  @CamelCase
  record NewInfo(@Field(value = "Where bills go.", required = true) Contact billingInfo) {}

  @CamelCase
  record InvoiceLine(String description, String unitType, String numUnits, Amount amount) {}

  @CamelCase
  record CoreInvoice(
      List<InvoiceLine> lines,
      Amount amountBeforeCredits,
      Amount prepaidCredits,
      Amount prepaidCreditsUsed,
      Amount totalWithCorr) {}

  @CamelCase
  record Cycle(int year, int month) {}

  @CamelCase
  record Invoice(String invoiceId, Cycle billingCycle, CoreInvoice coreInvoice) {}

  @CamelCase
  record Invoices(List<Invoice> invoices) {}

  /** {@code defaultCredits}: those of the plan, each month. */
  @CamelCase
  record Preview(
      CoreInvoice coreInvoice,
      @Nullable String effectiveSpendingLimit,
      String defaultCredits,
      Cycle billingCycle) {}

  @CamelCase
  record Limits(
      @Nullable Amount hardSlOverride,
      @Nullable Amount hardSlAuto,
      @Nullable Amount softSl,
      @Nullable Amount effectiveSl,
      @Nullable Amount effectiveHardSl) {}

  @CamelCase
  record SpendingLimits(Limits spendingLimits) {}

  @CamelCase
  record NewLimit(
      @Field(value = "What a month may cost before it is told.", required = true)
          Wanted desiredSoftSpendingLimit) {}

  @CamelCase
  record Change(
      String teamId,
      String changeOrigin,
      @Nullable String topupStatus,
      Amount amount,
      String invoiceId,
      String createTime) {}

  /** {@code total} is negative for what is left, and the sum of the changes. */
  @CamelCase
  record Balance(Amount total, List<Change> changes) {}

  /** {@code paymentMethods} is empty: nothing is paid through this server. */
  @CamelCase
  record PaymentMethods(
      String teamId, List<String> paymentMethods, @Nullable String defaultPaymentMethodId) {}

  @CamelCase
  record DefaultMethod(
      @Field(value = "Which one is to be the usual one.", required = true)
          String paymentMethodId) {}

  @CamelCase
  record TopUp(@Field(value = "What is paid in.", required = true) Wanted amount) {}

  @CamelCase
  record Empty() {}

  @CamelCase
  record TimeRange(
      @Field(value = "Inclusive.", required = true) String startTime,
      @Field(value = "Exclusive.", required = true) String endTime,
      @Field("Etc/GMT or UTC, the only one there is.") @Nullable String timezone) {}

  @CamelCase
  record Value(
      @Field(
              value = "What is summed.",
              required = true,
              oneOf = {
                "usd",
                "requests",
                "prompt_tokens",
                "cached_tokens",
                "completion_tokens",
                "reasoning_tokens"
              })
          String name,
      @Field(
              value = "How.",
              oneOf = {"AGGREGATION_SUM"})
          @Nullable String aggregation) {}

  @CamelCase
  record Analytics(
      @Field(value = "Which time.", required = true) TimeRange timeRange,
      @Field(
              value = "How wide a point is.",
              oneOf = {"TIME_UNIT_HOUR", "TIME_UNIT_DAY", "TIME_UNIT_MONTH", "TIME_UNIT_NONE"})
          @Nullable String timeUnit,
      @Field("What is summed; usd when absent.") @Nullable List<Value> values,
      @Field("What is told apart: api_key_id, project_id, description (the model), endpoint.")
          @Nullable List<String> groupBy,
      @Field(
              "What counts, as NAME:VALUE with a name of groupBy; of several of one name any, of"
                  + " several names all.")
          @Nullable List<String> filters) {}

  @CamelCase
  record UsageRequest(
      @Field(value = "The question.", required = true) Analytics analyticsRequest) {}

  @CamelCase
  record Point(String timestamp, List<Double> values) {}

  @CamelCase
  record Series(List<String> group, List<String> groupLabels, List<Point> dataPoints) {}

  @CamelCase
  record Usage(List<Series> timeSeries, boolean limitReached) {}

  @CamelCase
  record Exported(
      String start,
      String key,
      String project,
      String model,
      String endpoint,
      long requests,
      long failures,
      long promptTokens,
      long cachedTokens,
      long imageTokens,
      long completionTokens,
      long reasoningTokens,
      long costInUsdTicks) {}

  @CamelCase
  record Export(List<Exported> usage) {}
}
