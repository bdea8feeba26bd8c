package dev.jubal.app.operate;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.Project;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Scope;
import dev.jubal.account.price.PriceStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A kind of thing that a list of the file holds.
 *
 * @param section the name of that list
 * @param about what is said of it in a comment, lines apart
 * @param oneLine whether each is written on a line of its own
 */
record Kind(
    String section, List<Field> fields, List<Kind> parts, List<String> about, boolean oneLine) {

  /** Of the file's form; a release that changes it reads this one too. */
  static final String VERSION = "1";

  static final Kind LIMIT =
      line(
          "limits",
          List.of(
              Field.naming("scope", words(Scope.values(), Scope::id), "model"),
              Field.naming("model", Form.MODEL, "*"),
              Field.naming("limit", words(Quota.values(), Quota::id)),
              Field.needed("most", Form.LIMIT)));

  /** Of a team: for all of it, for each of its projects, keys or end users, or for one end user. */
  static final Kind TEAM_BUDGET =
      line(
          "budgets",
          List.of(
              Field.naming("scope", words(Budget.Scope.values(), Budget.Scope::text), "team"),
              Field.naming("subject", Form.SUBJECT, Form.NOTHING),
              window(),
              Field.naming("hard", Form.FLAG, "true"),
              Field.needed("amount", Form.MONEY)));

  /** Of one project or key. */
  static final Kind OWN_BUDGET =
      line(
          "budgets",
          List.of(
              window(),
              Field.naming("hard", Form.FLAG, "true"),
              Field.needed("amount", Form.MONEY)));

  /** What a team asks of the people behind its requests. */
  static final Kind END_USER_RULE =
      line(
          "end_user_rules",
          List.of(
              Field.naming("require", Form.text(128)),
              Field.naming("models", Form.MODEL, "*"),
              Field.naming("endpoints", Form.text(64), "*")));

  static final Kind PLAN =
      new Kind(
          "plans",
          List.of(
              Field.naming("name", Form.NAME),
              Field.of("credits_needed", Form.FLAG, "false"),
              Field.of("monthly_credits", Form.MONEY, "0"),
              Field.of("multiplier_permille", Form.whole(0, 1_000_000), "1000"),
              Field.of("steps", Form.NAMES, ""),
              Field.of("about", Form.ABOUT, "")),
          List.of(),
          List.of(
              "What teams pay by. Amounts are USD; multiplier_permille is the share of the list"
                  + " price, 1000 for all of it.",
              "steps: \"AMOUNT=PERMILLE\", the share from so much spent in a month on."),
          false);

  static final Kind TIER =
      new Kind(
          "tiers",
          List.of(
              Field.naming("name", Form.NAME),
              Field.needed("grade", Form.COUNT),
              Field.of("raised_at", Form.OPTIONAL_MONEY, Form.NOTHING)),
          List.of(LIMIT),
          List.of(
              "Limits that teams have together. raised_at: USD spent in all that lead to the tier;"
                  + " null: by hand only.",
              "limits: scope model counts each name for itself; most: none says that there is no"
                  + " such limit."),
          false);

  static final Kind PROJECT =
      new Kind(
          "projects",
          List.of(
              Field.naming("name", Form.NAME),
              Field.needed(
                  "environment", words(Project.Environment.values(), Project.Environment::word))),
          List.of(OWN_BUDGET),
          List.of(),
          false);

  static final Kind KEY =
      new Kind(
          "keys",
          List.of(
              Field.naming("name", Form.NAME),
              Field.of("project", Form.OPTIONAL_NAME, Form.NOTHING),
              Field.of("acls", Form.NAMES, ""),
              Field.of("expires", Form.OPTIONAL_MOMENT, Form.NOTHING),
              Field.of("disabled", Form.FLAG, "false"),
              Field.of("qps", Form.KEY_LIMIT, Form.NOTHING),
              Field.of("qpm", Form.KEY_LIMIT, Form.NOTHING),
              Field.of("tpm", Form.KEY_LIMIT, Form.NOTHING),
              Field.of("secret", Form.SECRET, Form.NOTHING)),
          List.of(OWN_BUDGET),
          List.of(),
          false);

  static final Kind USER =
      new Kind(
          "users",
          List.of(Field.naming("name", Form.NAME), Field.of("disabled", Form.FLAG, "false")),
          List.of(KEY),
          List.of(),
          false);

  static final Kind TEAM =
      new Kind(
          "teams",
          List.of(
              Field.naming("name", Form.NAME),
              Field.of("tier", Form.NAME, "tier-0"),
              Field.of("plan", Form.NAME, "self-hosted"),
              Field.of("blocked", Form.FLAG, "false"),
              Field.of("weight", Form.whole(1, 1000), "1"),
              Field.of("zero_retention", Form.FLAG, "false"),
              Field.of("keeps_pictures", Form.FLAG, "false"),
              Field.of("webhooks", Form.FLAG, "false")),
          List.of(LIMIT, TEAM_BUDGET, END_USER_RULE, PROJECT, USER),
          List.of(
              "Teams with their users and API keys. A key has no secret here; one that is to be"
                  + " made needs one:",
              "  secret: env:NAME, file:/path, vault:PATH#FIELD, or generate (shown once by"
                  + " apply).",
              "limits count before those of the tier. budgets: scope project or key with subject"
                  + " \"*\" is each one's,",
              "end_user with \"*\" or a name; those of one project or key stand below it."),
          false);

  static final Kind PRICE =
      new Kind(
          "prices",
          List.of(
              Field.naming("model", Form.MODEL),
              Field.naming("from", Form.MOMENT),
              Field.needed("input", Form.RATE),
              Field.needed("cached", Form.RATE),
              Field.needed("output", Form.RATE),
              Field.of("long_from", Form.COUNT, "0"),
              Field.of("long_input", Form.RATE, "0"),
              Field.of("long_cached", Form.RATE, "0"),
              Field.of("long_output", Form.RATE, "0"),
              Field.of("more", Form.PRICE_TEXT, Form.NOTHING),
              Field.needed("source", Form.text(PriceStore.MOST_SOURCE))),
          List.of(),
          List.of(
              "Prices beside the catalogue's, USD per million tokens. From long_from prompt tokens"
                  + " on the long rates hold; 0: never.",
              "more: JSON of what has no field, in ticks of 1e-10 USD a token, request or unit, and"
                  + " permille: image, audio, reasoning, request, units, batch, priority.",
              "What is settled keeps its cost: see `jubal ledger reprice`."),
          false);

  static final Kind ROUTE =
      line(
          "routes",
          List.of(
              Field.naming("name", Form.MODEL),
              Field.of("backend", Form.text(32), "llama"),
              Field.needed("target", Form.MODEL)),
          "Names of the catalogue that point to an installed model; from the server's next start"
              + " on.");

  static final Kind MANAGEMENT_KEY =
      new Kind(
          "management_keys",
          List.of(
              Field.naming("name", Form.NAME),
              Field.of("team", Form.OPTIONAL_NAME, Form.NOTHING),
              Field.of("acls", Form.NAMES, ""),
              Field.of("expires", Form.OPTIONAL_MOMENT, Form.NOTHING),
              Field.of("secret", Form.SECRET, Form.NOTHING)),
          List.of(),
          List.of("Keys of operators; team null: all teams. secret as for API keys."),
          false);

  static final Kind STATE =
      new Kind(
          "state",
          List.of(Field.needed("version", Form.words(VERSION))),
          List.of(PLAN, TIER, TEAM, PRICE, ROUTE, MANAGEMENT_KEY),
          List.of(),
          false);

  private static Field window() {
    return Field.naming("window", words(Window.values(), Window::text), "monthly");
  }

  private static Kind line(String section, List<Field> fields, String... about) {
    return new Kind(section, fields, List.of(), List.of(about), true);
  }

  private static <E> Form words(E[] values, Function<E, String> word) {
    return Form.words(Arrays.stream(values).map(word).toArray(String[]::new));
  }

  /** What tells one from another. */
  List<Field> naming() {
    return fields.stream().filter(Field::names).toList();
  }

  Optional<Field> field(String name) {
    return fields.stream().filter(f -> f.name().equals(name)).findFirst();
  }

  Optional<Kind> part(String name) {
    return parts.stream().filter(p -> p.section.equals(name)).findFirst();
  }

  /** All that may be written in one. */
  List<String> known() {
    return Stream.concat(fields.stream().map(Field::name), parts.stream().map(Kind::section))
        .toList();
  }
}
