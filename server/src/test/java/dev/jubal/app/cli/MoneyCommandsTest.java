package dev.jubal.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** budget, credit, price, ledger, and the plan of a team, from the command line. */
final class MoneyCommandsTest {
  @TempDir private Path folder;

  @BeforeEach
  void aTeam() {
    assertEquals(0, run("key", "create", "first").status());
  }

  private CommandRun run(String... arguments) {
    return CommandRun.of(folder.resolve("data"), arguments);
  }

  private String ok(String... arguments) {
    CommandRun done = run(arguments);
    assertEquals(0, done.status(), done.err());
    return done.out();
  }

  @Test
  void budgetsAreSetListedAndRemoved() {
    ok("budget", "set", "default", "25", "--window", "monthly");
    String set = ok("budget", "set", "default", "12.50", "--window", "monthly");
    assertTrue(set.contains("hard  12.5"), set);
    String each = ok("budget", "set", "default", "2", "--window", "daily", "--end-user", "*");
    assertTrue(each.contains("end_user  *"), each);
    String list = ok("budget", "list");
    assertEquals(3, list.lines().count(), list);
    String id = list.lines().toList().get(1).replaceAll(".* ", "");
    ok("budget", "remove", id);
    assertEquals(2, ok("budget", "list", "--team", "default").lines().count());
    CommandRun wrong = run("budget", "set", "default", "twelve");
    assertTrue(wrong.err().contains("amount: \"twelve\" (expected: "), wrong.err());
    assertTrue(
        run("budget", "set", "default", "1", "--window", "yearly")
            .err()
            .contains("expected: daily"));
  }

  @Test
  void aPlanThatNeedsCreditsAndCredits() {
    ok("team", "set", "default", "--plan", "standard");
    String added = ok("credit", "add", "default", "7.99", "--note", "invoice 17");
    assertTrue(added.contains("invoice 17"), added);
    assertTrue(added.contains("Left: 7.99 USD"), added);
    assertTrue(run("team", "set", "default", "--plan", "gold").err().contains("\"gold\""));
  }

  @Test
  void pricesAreSetAndPastBillsSeen() {
    String set =
        ok(
            "price",
            "set",
            "grok-4",
            "--input",
            "3",
            "--output",
            "15",
            "--source",
            "contract",
            "--from",
            "2026-12-01");
    assertTrue(set.contains("2026-12-01T00:00:00Z"), set);
    assertTrue(ok("price", "list", "grok-4").contains("contract"));
    assertTrue(ok("price", "list", "v1").contains("none published; free of charge here"));
    assertTrue(
        run("price", "set", "grok-4", "--input", "0.00001", "--output", "1", "--source", "x")
            .err()
            .contains("at most 4 decimals"));
    String dry =
        ok(
            "ledger",
            "reprice",
            "--model",
            "grok-4",
            "--from",
            "2026-01-01",
            "--to",
            "2027-01-01",
            "--dry-run");
    assertTrue(dry.contains("REQUESTS"), dry);
    assertTrue(ok("ledger", "verify").contains("sums by day"));
  }

  @Test
  void aPriceSaysMoreThanRatesOfText() {
    String set =
        ok(
            "price",
            "set",
            "grok-4",
            "--input",
            "3",
            "--output",
            "15",
            "--image",
            "2.5",
            "--reasoning",
            "10",
            "--request",
            "0.001",
            "--unit",
            "media:image=0.02",
            "--unit",
            "tool:web_search=0.005",
            "--batch",
            "0.8",
            "--priority",
            "1.5",
            "--source",
            "contract");
    assertTrue(
        set.contains(
            "image=2.5 reasoning=10 request=0.001 media:image=0.02 tool:web_search=0.005"
                + " batch=0.8 priority=1.5"),
        set);
    assertTrue(ok("price", "list", "grok-4").contains("priority=1.5"));
    assertTrue(ok("price", "list", "tools").contains("tool:collections_search=0.0025"));
    for (String[] bad :
        new String[][] {
          {"--unit", "web_search=1", "expected: tool:NAME or media:NAME"},
          {"--unit", "tool:a=-1", "expected: USD, at least 0"},
          {"--priority", "fast", "expected: 0 to 100"},
          {"--batch", "0.8001", "expected: 0 to 100"},
          {"--request", "x", "expected: an amount in USD"},
        }) {
      CommandRun wrong =
          run(
              "price",
              "set",
              "grok-4",
              "--input",
              "1",
              "--output",
              "1",
              "--source",
              "x",
              bad[0],
              bad[1]);
      assertTrue(wrong.err().contains(bad[2]), wrong.err());
    }
  }

  @Test
  void whatIsSetCanBeExportedAndApplied() {
    for (String source : List.of(" ", "a\tb", "a\nb", "s".repeat(1001))) {
      CommandRun wrong =
          run("price", "set", "grok-4", "--input", "1", "--output", "1", "--source", source);
      assertTrue(wrong.err().contains("expected: 1-1000 printable characters"), wrong.err());
    }
    CommandRun model =
        run("price", "set", "a\tb", "--input", "1", "--output", "1", "--source", "x");
    assertTrue(model.err().contains("expected: 1-256 printable characters"), model.err());
    CommandRun subject = run("budget", "set", "default", "1", "--end-user", "a\tb");
    assertTrue(subject.err().contains("expected: 1-512 printable characters"), subject.err());
    CommandRun limit =
        run("limit", "set", "requests_per_day", "1", "--team", "default", "--model", "a\tb");
    assertTrue(limit.err().contains("expected: 1-256 printable characters"), limit.err());
  }

  @Test
  void eachPriceHoldsUntilTheNextBegins() {
    ok(
        "price",
        "set",
        "grok-4",
        "--input",
        "1",
        "--output",
        "2",
        "--from",
        "2026-12-01",
        "--source",
        "contract");
    String list = ok("price", "list", "grok-4");
    assertTrue(
        list.lines().toList().get(1).contains("2025-07-09T00:00:00Z  2026-12-01T00:00:00Z"), list);
  }
}
