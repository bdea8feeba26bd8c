package dev.jubal.app.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.KeySettings;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.ConfigReader;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.SettableClock;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The file and the rows say the same, whichever came first; and what a file must not do. */
final class OperatedStateTest {
  private static final int STATES = Integer.getInteger("jubal.states", 10);

  @TempDir private Path folder;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T12:00:00.5Z"));
  private final Map<String, String> environment = new HashMap<>();

  private OperatedState state(Database database) {
    return new OperatedState(
        database,
        clock,
        ConfigReader.references(environment, Map.of()),
        () -> List.of("smollm2-135m-instruct"));
  }

  private static OperatedState.Manner manner(boolean prune, boolean dry) {
    return new OperatedState.Manner("jubal.yaml", prune, dry);
  }

  private Outcome apply(Database database, String text) {
    return state(database).apply(text, manner(false, false));
  }

  private static List<String> told(Outcome outcome) {
    return outcome.changes().stream().map(Object::toString).toList();
  }

  private String refusal(Database database, String text) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> apply(database, text)).getMessage());
  }

  /** Keys that are not there yet need a secret. */
  private static String withSecrets(String text) {
    return text.replaceAll("(?m)^( +)tpm: .*$", "$0\n$1secret: generate")
        .replaceAll("(?m)^(  )(  expires: .*)$", "$1$2\n$1  secret: generate");
  }

  @ParameterizedTest
  @EnumSource
  void anExportChangesNothingAndMakesTheSameElsewhere(Stores on) {
    long seed = System.nanoTime();
    System.out.println("operated state: seed " + seed + " on " + on);
    for (int i = 0; i < STATES; i++) {
      String text;
      try (Database database = on.open(folder.resolve("from" + i))) {
        new RandomState(seed + i, database, clock).fill();
        clock.move(RandomState.SOME_EXPIRIES);
        text = state(database).export();
        Outcome again = state(database).apply(text, manner(true, false));
        assertEquals(List.of(), told(again), "seed " + (seed + i));
        assertEquals(text, state(database).export(), "seed " + (seed + i));
      }
      try (Database database = on.open(folder.resolve("to" + i))) {
        Outcome dry = state(database).apply(withSecrets(text), manner(true, true));
        assertTrue(dry.different());
        String before = state(database).export();
        Outcome made = state(database).apply(withSecrets(text), manner(true, false));
        assertEquals(told(dry), told(made), "seed " + (seed + i));
        assertFalse(before.equals(state(database).export()));
        assertEquals(text, state(database).export(), "seed " + (seed + i));
        assertFalse(state(database).apply(withSecrets(text), manner(true, false)).different());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatHasExpiredElsewhereHasExpiredHere(Stores on) {
    String text =
        """
        version: 1
        teams:
          - name: sales
            users: [{name: owner, keys: [{name: ci, expires: %1$s, secret: generate}]}]
        management_keys: [{name: bot, acls: ["*"], expires: %1$s, secret: generate}]
        """;
    try (Database database = on.open(folder.resolve("data"))) {
      KeyStore keys = new KeyStore(database, clock);
      List<String> secrets =
          apply(database, text.formatted("2026-01-01")).issued().stream()
              .map(i -> i.secret().reveal())
              .toList();
      ApiKey made = keys.find(secrets.getFirst()).orElseThrow();
      assertEquals(ApiKey.State.EXPIRED, made.state(clock.instant()));
      assertEquals(1, keys.counts().get(ApiKey.State.EXPIRED));
      assertTrue(new ManagementStore(database, clock).list().getFirst().expired(clock.instant()));
      assertEquals(2, apply(database, text.formatted("2027-01-01")).changes().size());
      assertNull(keys.counts().get(ApiKey.State.EXPIRED));
      assertEquals(2, apply(database, text.formatted("2026-02-01")).changes().size());
      assertEquals(1, keys.counts().get(ApiKey.State.EXPIRED));
      KeySettings past = KeySettings.of("x", List.of(), Optional.of(clock.instant()));
      assertThrows(ApiException.class, () -> keys.create(past, KeyStore.Owner.FIRST));
      assertThrows(
          ApiException.class, () -> keys.update(made.id(), _ -> past), "a person's slip, and told");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPartChangesThatPartAlone(Stores on) {
    try (Database database = on.open(folder.resolve("data"))) {
      String secret = new KeyStore(database, clock).firstStart().orElseThrow().secret().reveal();
      Outcome first =
          apply(
              database,
              """
              version: 1
              teams:
                - name: default
                  weight: 4
                  limits:
                    - {scope: team, limit: requests_per_minute, most: 60}
                  budgets:
                    - {window: daily, amount: 12.50}
                    - {scope: end_user, subject: "*", amount: 1}
                  users:
                    - name: owner
                      keys:
                        - {name: first, tpm: 9000}
                    - name: ann
                      keys:
                        - name: ci
                          acls: ["api-key:model:*"]
                          secret: generate
              """);
      assertEquals(
          List.of(
              "changed  teams[default]  weight: 1 -> 4",
              "created  teams[default].limits[team * requests_per_minute]",
              "created  teams[default].budgets[team daily true]",
              "created  teams[default].budgets[end_user * monthly true]",
              "changed  teams[default].users[owner].keys[first]  tpm: null -> 9000",
              "created  teams[default].users[ann]",
              "created  teams[default].users[ann].keys[ci]"),
          told(first));
      KeyStore keys = new KeyStore(database, clock);
      assertEquals(9000, keys.find(secret).orElseThrow().account().own().tpm().orElseThrow());
      Issued made = first.issued().getFirst();
      assertEquals("teams[default].users[ann].keys[ci]", made.path());
      assertEquals("ci", keys.find(made.secret().reveal()).orElseThrow().name());
      assertFalse(state(database).export().contains("xai-"));

      Outcome less =
          apply(database, "version: 1\nteams: [{name: default, limits: [], users: [{name: ann}]}]");
      assertEquals(
          List.of(
              "kept     teams[default].users[owner]  not in the file; --prune deletes it",
              "kept     teams[default].limits[team * requests_per_minute]  not in the file;"
                  + " --prune deletes it"),
          told(less));
      assertFalse(less.different());
    }
  }

  @ParameterizedTest
  @EnumSource
  void pruningDeletesWhatListsLackAndNothingTheLedgerNames(Stores on) {
    try (Database database = on.open(folder.resolve("data"))) {
      new KeyStore(database, clock).firstStart();
      apply(
          database,
          """
          version: 1
          prices:
            - {model: grok-4, from: 2026-12-01, input: 3, cached: 0.75, output: 15, source: contract}
          teams:
            - name: default
              users: [{name: idle}, {name: ann, keys: [{name: ci, secret: generate}]}]
              budgets: [{amount: 5}]
          management_keys: [{name: bot, acls: ["*"], secret: generate}]
          """);
      String less =
          """
          version: 1
          prices: []
          management_keys: []
          teams:
            - name: default
              budgets: []
              users: [{name: owner}, {name: ann, keys: []}]
          """;
      Outcome dry = state(database).apply(less, manner(true, true));
      assertEquals(List.of("bot"), live(database));
      Outcome done = state(database).apply(less, manner(true, false));
      assertEquals(told(dry), told(done));
      assertEquals(
          List.of(
              "deleted  management_keys[bot]",
              "deleted  prices[grok-4 2026-12-01T00:00:00Z]",
              "deleted  teams[default].users[idle]",
              "deleted  teams[default].users[ann].keys[ci]",
              "deleted  teams[default].budgets[team monthly true]"),
          told(done));
      assertEquals(List.of(), live(database));
      assertFalse(state(database).apply(less, manner(true, false)).different());
      Outcome teams = state(database).apply("version: 1\nteams: []", manner(true, false));
      assertEquals(
          List.of(
              "kept     teams[default]  not in the file; a team is never deleted; blocked: true"
                  + " stops it"),
          told(teams));
      String message =
          String.valueOf(
              assertThrows(
                      ConfigException.class,
                      () ->
                          state(database)
                              .apply(
                                  "version: 1\nteams: [{name: default, users: [{name: owner}]}]",
                                  manner(true, false)))
                  .getMessage());
      assertTrue(message.contains("had keys, which the ledger names"), message);
    }
  }

  private List<String> live(Database database) {
    return new ManagementStore(database, clock)
        .list().stream().filter(k -> !k.disabled()).map(k -> k.name()).toList();
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedPartUndoesTheWhole(Stores on) {
    try (Database database = on.open(folder.resolve("data"))) {
      new KeyStore(database, clock).firstStart();
      String before = state(database).export();
      String refused =
          refusal(
              database,
              """
              version: 1
              teams:
                - name: sales
                - name: default
                  tier: tier-99
              """);
      assertTrue(
          refused.startsWith("jubal.yaml:4: teams[default]: tier: \"tier-99\" (expected: one of ["),
          refused);
      assertEquals(before, state(database).export());
      assertEquals(1, new TeamStore(database).list().size());
      String key =
          refusal(
              database,
              "version: 1\nteams: [{name: default, users: [{name: owner, keys: [{name: x}]}]}]");
      assertTrue(
          key.startsWith(
              "jubal.yaml:2: teams[default].users[owner].keys[x]: there is no such key, and none"
                  + " can be made without a secret (expected: secret: env:NAME"),
          key);
      String route = refusal(database, "version: 1\nroutes: [{name: grok-4, target: not-there}]");
      assertTrue(route.contains("\"not-there\" is not installed here"), route);
      assertTrue(
          refusal(database, "version: 1\nroutes: [{name: gork, target: smollm2-135m-instruct}]")
              .startsWith("jubal.yaml:2: routes[gork]: "));
      apply(database, "version: 1\nroutes: [{name: grok-4, target: smollm2-135m-instruct}]");
      assertTrue(
          state(database)
              .export()
              .contains("- {name: grok-4, backend: llama, target: smollm2-135m-instruct}"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void secretsComeByReferenceAndAreNeverTold(Stores on) {
    String own = "xai-" + "a1B2".repeat(12);
    String next = "xai-" + "Z9y8".repeat(12);
    environment.put("CI_KEY", own);
    environment.put("BOT_KEY", "xai-token-" + "a1B2".repeat(12));
    environment.put("WEAK", "xai-password");
    String text =
        """
        version: 1
        teams:
          - name: default
            users:
              - name: owner
                keys:
                  - {name: ci, secret: "env:CI_KEY"}
        management_keys:
          - {name: bot, acls: ["teams:read"], team: default, secret: "env:BOT_KEY"}
        """;
    try (Database database = on.open(folder.resolve("data"))) {
      Outcome made = apply(database, text);
      assertEquals(List.of(), made.issued());
      KeyStore keys = new KeyStore(database, clock);
      assertEquals("ci", keys.find(own).orElseThrow().name());
      assertFalse(apply(database, text).different());
      environment.put("CI_KEY", next);
      assertEquals(
          List.of("changed  teams[default].users[owner].keys[ci]  secret"),
          told(apply(database, text)));
      assertEquals("ci", keys.find(next).orElseThrow().name());
      assertFalse(apply(database, text).different());
      environment.put("CI_KEY", own);
      String former = refusal(database, text);
      assertTrue(former.contains("another key has or had it"), former);
      String weak = refusal(database, text.replace("env:CI_KEY", "env:WEAK"));
      assertTrue(weak.contains("a value of 12 characters, which is not shown"), weak);
      assertTrue(refusal(database, text.replace("CI_KEY", "GONE")).contains("env:GONE names"));
      String clear = refusal(database, text.replace("env:CI_KEY", own));
      assertEquals(
          "jubal.yaml:7: teams[default].users[owner].keys[ci].secret: a value in clear, which is"
              + " not shown (expected: env:NAME, file:/path or vault:PATH#FIELD, or generate).",
          clear);
      String elsewhere = refusal(database, text.replace("name: ci", "name: " + own));
      assertTrue(elsewhere.contains("name: a secret in clear, which is not shown"), elsewhere);
      for (String message : List.of(former, weak, clear, elsewhere)) {
        assertFalse(message.contains(own.substring(4)) || message.contains("password"), message);
      }
    }
  }
}
