package dev.jubal.app.operate;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.config.SecretReferences;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What operators set: plans, tiers, teams with limits, budgets, projects, users and keys, prices,
 * routes of models, management keys. Never a secret, never what requests leave. Safe beside running
 * servers, which see a change as they see that of any command.
 */
public final class OperatedState {
  private final Database database;
  private final InstantSource now;
  private final SecretReferences references;
  private final Supplier<List<String>> installed;

  /**
   * @param references where secrets of keys to be made are looked up
   * @param installed the models that a name may point to
   */
  public OperatedState(
      Database database,
      InstantSource now,
      SecretReferences references,
      Supplier<List<String>> installed) {
    this.database = database;
    this.now = now;
    this.references = references;
    this.installed = installed;
  }

  /** All of it as YAML: the same text for the same state, on whichever server. */
  public String export() {
    return StateText.of(database.snapshot(d -> Present.read(d, now)));
  }

  /**
   * How to apply.
   *
   * @param file the name of the file, for messages
   * @param prune whether what is missing in lists of the file is deleted
   * @param dry whether to undo all of it in the end, so that only the outcome remains
   */
  public record Manner(String file, boolean prune, boolean dry) {}

  /**
   * Brings the database to what a text says: all of it in one transaction, or nothing.
   *
   * @throws ConfigException with file, line, path, value and what was expected
   */
  public Outcome apply(String text, Manner manner) {
    Thing wanted = StateFile.read(manner.file(), text);
    // not within the transaction, which others wait for: a Vault or a disk may take its time
    Map<String, Secret> secrets = new HashMap<>();
    resolve(wanted, manner.file(), secrets);
    List<String> models = wanted.parts(Kind.ROUTE).isEmpty() ? List.of() : installed.get();
    return database.together(
        !manner.dry(),
        d -> {
          List<Issued> issued = new ArrayList<>();
          return new Bringing(rows(d, secrets, issued, models), manner.file(), manner.prune())
              .run(Present.read(d, now), wanted, issued);
        });
  }

  private void resolve(Thing thing, String file, Map<String, Secret> secrets) {
    thing
        .maybe("secret")
        .filter(reference -> !reference.equals(Form.GENERATE) && !secrets.containsKey(reference))
        .ifPresent(
            reference -> {
              try {
                secrets.put(reference, references.resolve(reference));
              } catch (ConfigException e) {
                throw new ConfigException(
                    file + ":" + thing.line() + ": " + thing.path() + ".secret: " + e.getMessage());
              }
            });
    for (Kind part : thing.kind().parts()) {
      thing.parts(part).forEach(p -> resolve(p, file, secrets));
    }
  }

  private Map<Kind, Rows> rows(
      Database d, Map<String, Secret> secrets, List<Issued> issued, List<String> models) {
    KeyRows.Tools tools = new KeyRows.Tools(d, now, secrets, issued::add);
    Map<Kind, Rows> rows = new HashMap<>();
    rows.put(Kind.PLAN, new MoneyRows.PlanRows(d, now));
    rows.put(Kind.TIER, new LimitRows.TierRows(d));
    rows.put(Kind.LIMIT, new LimitRows.OfOwner(d));
    rows.put(Kind.TEAM, new AccountRows.Teams(d, now));
    rows.put(Kind.TEAM_BUDGET, new MoneyRows.Budgets(d, now));
    rows.put(Kind.OWN_BUDGET, new MoneyRows.Budgets(d, now));
    rows.put(Kind.END_USER_RULE, new AccountRows.EndUserRuleRows(d, now));
    rows.put(Kind.PROJECT, new AccountRows.Projects(d, now));
    rows.put(Kind.USER, new AccountRows.Users(d, now));
    rows.put(Kind.KEY, new KeyRows.Api(tools));
    rows.put(Kind.PRICE, new MoneyRows.Prices(d, now));
    rows.put(Kind.ROUTE, new RouteRows(d, now, models));
    rows.put(Kind.MANAGEMENT_KEY, new KeyRows.Management(tools));
    return rows;
  }
}
