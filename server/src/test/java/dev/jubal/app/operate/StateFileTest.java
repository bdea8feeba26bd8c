package dev.jubal.app.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.ConfigException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is wrong with a file is told by line, path, value and what was expected, all at once. */
final class StateFileTest {
  private static String refusal(String text) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> StateFile.read("f.yaml", text)).getMessage());
  }

  @Test
  void allThatIsWrongAtOnce() {
    assertEquals(
        List.of(
            "f.yaml:1: version: \"2\" (expected: one of 1).",
            "f.yaml:3: teams[a].weight: \"lots\" (expected: a whole number, 1 to 1000).",
            "f.yaml:2: teams[a]: there is no field \"wieght\" (did you mean weight?).",
            "f.yaml:6: teams[a].limits[model * ?].limit: \"requests_per_hour\""
                + " (expected: one of requests_per_second, requests_per_minute, requests_per_day,"
                + " tokens_per_minute, tokens_per_day, concurrent_requests)."),
        refusal(
                """
                version: 2
                teams: [{name: a, wieght: 1,
                  weight: lots,
                  limits: [
                    {limit: requests_per_day, most: 1},
                    {limit: requests_per_hour, most: 1}]}]
                """)
            .lines()
            .toList());
    assertEquals(
        "f.yaml:1: there is no field \"tems\" (did you mean teams?).",
        refusal("{version: 1, tems: 1}"));
    assertEquals("f.yaml:1: version: it is absent (expected: 1).", refusal("teams: []"));
    assertTrue(refusal("").startsWith("f.yaml: it is empty"));
    assertTrue(refusal("version: 1\nteams: 7").startsWith("f.yaml:2: teams: it is no list"));
    assertTrue(
        refusal("version: 1\nteams: [7]").startsWith("f.yaml:2: teams[?]: it is no mapping"));
    assertTrue(
        refusal("version: 1\nteams: [{}]").startsWith("f.yaml:2: teams[?].name: it is absent"));
    assertTrue(
        refusal("version: 1\nteams:\n- {name: a}\n- {name: a}")
            .startsWith("f.yaml:4: teams[a]: it stands here twice, first in line 3"));
    assertTrue(
        refusal("version: 1\nversion: 1").startsWith("f.yaml:2: version: it stands here twice"));
    assertTrue(
        refusal("version: 1\nteams: [{name: a, tier: null}]")
            .contains("tier: \"\" (expected: 1-128"));
    assertTrue(refusal("version: 1\nteams: [{name: a, tier: [b]}]").contains("no single value"));
    assertTrue(
        refusal("version: 1\nmanagement_keys: [{name: a, acls: x}]")
            .contains("acls: it is no list"));
    for (String more : List.of("{\"imagee\":1}", "[]", "{\"image\":\"x\"}", "{")) {
      assertTrue(
          refusal("version: 1\nprices: [{model: a, from: 2026-01-01, more: '" + more + "'}]")
              .contains(".more: "),
          more);
    }
    assertTrue(
        refusal("version: 1\nplans: [{name: a, monthly_credits: -1}]")
            .contains("\"-1\" (expected: USD such as 12.50, at least 0)"));
  }

  @Test
  void aWholeNumberIsAllThatARowHolds() {
    String tier = "version: 1\ntiers: [{name: a, grade: %s}]";
    Thing read = StateFile.read("f.yaml", tier.formatted(Long.MAX_VALUE));
    assertEquals(Long.MAX_VALUE, read.parts(Kind.TIER).getFirst().whole("grade"));
    for (String more : List.of("9223372036854775808", "9".repeat(19), "1".repeat(20), "-1")) {
      assertEquals(
          "f.yaml:2: tiers[a].grade: \""
              + more
              + "\" (expected: a whole number, 0 to 9223372036854775807).",
          refusal(tier.formatted(more)));
    }
  }

  @Test
  void brokenYamlIsToldByLineWithoutItsText() {
    String message = refusal("version: 1\nteams: [{name: 'xai-abcdef}]\n");
    assertTrue(message.startsWith("f.yaml:"), message);
    assertTrue(message.contains("no YAML") && !message.contains("abcdef"), message);
    assertTrue(refusal("a: &a [*a, *a]\nversion: 1").startsWith("f.yaml:"));
    assertTrue(refusal("version: 1\n---\nversion: 1").startsWith("f.yaml:"));
    assertTrue(refusal("version: !!java.net.URL [x]").startsWith("f.yaml:1"));
  }

  @Test
  void whateverIsReadEndsInAStateOrARefusal() {
    long seed = System.nanoTime();
    System.out.println("state file: seed " + seed);
    Random random = new Random(seed);
    String good =
        """
        version: 1
        teams:
          - name: a
            limits: [{limit: requests_per_day, most: 1}]
            users:
              - name: b
                keys:
                  - {name: c, acls: ["api-key:model:*"], secret: "env:X"}
        """;
    StateFile.read("f.yaml", good);
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder(good);
      for (int j = 0; j < 1 + random.nextInt(4); j++) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, ":{}[]-\"'\n &*!|>#%@`\t\u0000".charAt(random.nextInt(20)));
          default -> text.setCharAt(at, (char) random.nextInt(0x300));
        }
      }
      try {
        StateFile.read("f.yaml", text.toString());
      } catch (ConfigException told) {
        assertTrue(
            String.valueOf(told.getMessage()).startsWith("f.yaml"),
            String.valueOf(told.getMessage()));
      }
    }
  }
}
