package dev.jubal.api.billing;

import dev.jubal.account.billing.Billing;
import dev.jubal.account.budget.Credits;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.management.Manager;
import dev.jubal.api.Feature;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.json.WireReader;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes below {@code /v1/billing}. */
public final class BillingFeature implements Feature {
  static final String TEAM = "/v1/billing/teams/{team_id}/";
  static final String READ = "billing:read";
  private static final String WRITE = "billing:write";

  private final Billing billing;
  private final TeamStore teams;

  public BillingFeature(Billing billing, TeamStore teams) {
    this.billing = billing;
    this.teams = teams;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        read("billing-info", "Says where bills go.", BillingWire.BillingInfo.class)
            .handle((call, out) -> out.json(200, info(team(call)))));
    routes.add(
        write("billing-info", "Sends bills elsewhere.", BillingWire.NewInfo.class)
            .gives(BillingWire.BillingInfo.class)
            .handle(this::setInfo));
    routes.add(
        read("invoices", "Lists the bills of months that are over.", BillingWire.Invoices.class)
            .query("billingCycle.year", "only that of a month, with billingCycle.month")
            .query("billingCycle.month", "1 to 12")
            .query("since.year", "only those since a month, with since.month")
            .query("since.month", "1 to 12")
            .query("invoiceIds.invoiceIds", "only these")
            .handle(this::invoices));
    routes.add(
        read(
                "postpaid/invoice/preview",
                "The bill of this month so far.",
                BillingWire.Preview.class)
            .handle((call, out) -> out.json(200, preview(team(call)))));
    routes.add(
        read("postpaid/spending-limits", "What a month may cost.", BillingWire.SpendingLimits.class)
            .handle((call, out) -> out.json(200, limits(team(call)))));
    routes.add(
        write("postpaid/spending-limits", "Sets the soft limit.", BillingWire.NewLimit.class)
            .gives(BillingWire.SpendingLimits.class)
            .handle(this::setLimit));
    routes.add(
        read(
                "prepaid/balance",
                "What was paid in and what is left of it, as a negative amount.",
                BillingWire.Balance.class)
            .handle((call, out) -> out.json(200, balance(team(call)))));
    routes.add(
        write("prepaid/top-up", "Pays in.", BillingWire.TopUp.class)
            .gives(BillingWire.Balance.class)
            .handle(this::topUp));
    routes.add(
        read(
                "payment-method",
                "Lists the ways to pay: there are none, as this server charges nobody.",
                BillingWire.PaymentMethods.class)
            .handle((call, out) -> out.json(200, noMethods(team(call)))));
    routes.add(
        write(
                "payment-method/default",
                "Would choose one of them: 404, as there are none.",
                BillingWire.DefaultMethod.class)
            .gives(BillingWire.PaymentMethods.class)
            .handle(this::setMethod));
    new UsageRoutes(billing, this::team).register(routes);
  }

  private static Route.Builder read(String path, String summary, Class<? extends Record> response) {
    return Route.get(TEAM + path).access(Access.MANAGEMENT, READ).summary(summary).gives(response);
  }

  private static Route.Builder write(String path, String summary, Class<? extends Record> request) {
    return Route.post(TEAM + path).access(Access.MANAGEMENT, WRITE).summary(summary).takes(request);
  }

  /** The team of the path, if the caller manages it. */
  private String team(Call call) {
    String id = call.param("team_id");
    call.caller(Manager.class).checkTeam(id);
    return teams.get(id).orElseThrow(() -> Manager.noTeam(id)).id();
  }

  private BillingWire.BillingInfo info(String team) {
    Billing.Info i = billing.info(team);
    return new BillingWire.BillingInfo(
        new BillingWire.Info(i.name(), i.address(), i.email(), i.taxIdType(), i.taxNumber()));
  }

  private void setInfo(Call call, Exchange out) {
    String team = team(call);
    BillingWire.Contact i =
        WireReader.read(call.takeBody(), BillingWire.NewInfo.class).value().billingInfo();
    billing.set(
        team,
        new Billing.Info(
            text("billingInfo.name", i.name(), 256),
            text("billingInfo.address", i.address(), 4096),
            text("billingInfo.email", i.email(), 256),
            text("billingInfo.taxIdType", i.taxIdType(), 64),
            text("billingInfo.taxNumber", i.taxNumber(), 64)));
    out.json(200, info(team));
  }

  private static String text(String field, @Nullable String value, int most) {
    String text = value == null ? "" : value;
    if (text.indexOf('\0') >= 0) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": has the character U+0000 (expected: none, as no text of a database has it).");
    }
    if (text.length() > most) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": " + text.length() + " characters (expected: at most " + most + ").");
    }
    return text;
  }

  private void invoices(Call call, Exchange out) {
    String team = team(call);
    Optional<YearMonth> one = month(call, "billingCycle");
    List<String> ids = call.queries("invoiceIds.invoiceIds");
    List<BillingWire.Invoice> found =
        billing.invoices(team, one.or(() -> month(call, "since"))).stream()
            .filter(i -> one.isEmpty() || one.get().equals(i.month()))
            .filter(i -> ids.isEmpty() || ids.contains(i.id()))
            .map(i -> new BillingWire.Invoice(i.id(), cycle(i.month()), core(team, i)))
            .toList();
    out.json(200, new BillingWire.Invoices(found));
  }

  private static Optional<YearMonth> month(Call call, String field) {
    Optional<String> year = call.query(field + ".year");
    Optional<String> month = call.query(field + ".month");
    if (year.isEmpty() && month.isEmpty()) {
      return Optional.empty();
    }
    String text = year.orElse("") + "-" + month.orElse("");
    try {
      return Optional.of(
          YearMonth.of(Integer.parseInt(year.orElse("")), Integer.parseInt(month.orElse(""))));
    } catch (NumberFormatException | DateTimeException e) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": \"" + text + "\" (expected: both .year, such as 2026, and .month, 1 to 12).");
    }
  }

  private static BillingWire.Cycle cycle(YearMonth month) {
    return new BillingWire.Cycle(month.getYear(), month.getMonthValue());
  }

  private BillingWire.CoreInvoice core(String team, Billing.Invoice invoice) {
    return new BillingWire.CoreInvoice(
        invoice.lines().stream()
            .map(
                l ->
                    new BillingWire.InvoiceLine(
                        l.group().getFirst(),
                        "tokens",
                        Long.toString(l.usage().total()),
                        BillingWire.Amount.of(l.costTicks())))
            .toList(),
        BillingWire.Amount.of(invoice.ticks()),
        BillingWire.Amount.of(-billing.left(team)),
        BillingWire.Amount.of(invoice.creditTicks()),
        BillingWire.Amount.of(invoice.owed()));
  }

  private BillingWire.Preview preview(String team) {
    Billing.Invoice invoice = billing.invoice(team, billing.month());
    return new BillingWire.Preview(
        core(team, invoice),
        billing.limit(team, true).map(t -> BillingWire.Amount.of(t).val()).orElse(null),
        BillingWire.Amount.of(billing.plan(team).monthlyTicks()).val(),
        cycle(invoice.month()));
  }

  private BillingWire.SpendingLimits limits(String team) {
    Optional<Long> hard = billing.limit(team, true);
    Optional<Long> soft = billing.limit(team, false);
    Optional<Long> lower = Stream.of(hard, soft).flatMap(Optional::stream).min(Long::compare);
    return new BillingWire.SpendingLimits(
        new BillingWire.Limits(amount(hard), null, amount(soft), amount(lower), amount(hard)));
  }

  private static BillingWire.@Nullable Amount amount(Optional<Long> ticks) {
    return ticks.map(BillingWire.Amount::of).orElse(null);
  }

  private void setLimit(Call call, Exchange out) {
    String team = team(call);
    BillingWire.Wanted wanted =
        WireReader.read(call.takeBody(), BillingWire.NewLimit.class)
            .value()
            .desiredSoftSpendingLimit();
    billing.softLimit(team, ticks("desiredSoftSpendingLimit.val", wanted.val(), 0));
    out.json(200, limits(team));
  }

  private static long ticks(String field, String val, long least) {
    try {
      long cents = Long.parseLong(val.strip());
      if (cents >= least) {
        return BillingWire.Amount.ticks(cents);
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // said below
    }
    throw ApiException.of(
        ErrorCode.INVALID_VALUE,
        field,
        field + ": \"" + val + "\" (expected: whole US cents, at least " + least + ").");
  }

  private BillingWire.Balance balance(String team) {
    List<BillingWire.Change> changes = new ArrayList<>();
    long owed = 0;
    for (Credits.Change c : billing.changes(team)) {
      long next = Math.subtractExact(owed, c.ticks());
      changes.add(
          new BillingWire.Change(
              c.teamId(),
              c.origin().name(),
              null,
              BillingWire.Amount.step(owed, next),
              c.id(),
              c.at().toString()));
      owed = next;
    }
    return new BillingWire.Balance(BillingWire.Amount.of(owed), changes);
  }

  /** Whoever runs this server asks for money in ways that it does not know. */
  private static BillingWire.PaymentMethods noMethods(String team) {
    return new BillingWire.PaymentMethods(team, List.of(), null);
  }

  private void setMethod(Call call, Exchange out) {
    String team = team(call);
    String id =
        WireReader.read(call.takeBody(), BillingWire.DefaultMethod.class).value().paymentMethodId();
    throw ApiException.of(
        ErrorCode.NOT_FOUND,
        "paymentMethodId",
        "paymentMethodId: team "
            + team
            + " has no way to pay \""
            + text("paymentMethodId", id, 256)
            + "\", and this server takes no payments (expected: credits, added by prepaid/top-up or"
            + " on the server by: jubal credit add).");
  }

  private void topUp(Call call, Exchange out) {
    String team = team(call);
    BillingWire.Wanted wanted =
        WireReader.read(call.takeBody(), BillingWire.TopUp.class).value().amount();
    billing.topUp(team, ticks("amount.val", wanted.val(), 1));
    out.json(200, balance(team));
  }
}
