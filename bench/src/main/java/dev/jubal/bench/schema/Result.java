package dev.jubal.bench.schema;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Prints what was found, as tables for a page and as JSON for a machine. */
final class Result {
  private final Tally tally;

  Result(Tally tally) {
    this.tally = tally;
  }

  void markdown(PrintStream out) {
    out.println("| set | schemas | compiled | % |\n|---|---|---|---|");
    tally.compiled.forEach(
        (set, counts) ->
            out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %.1f |%n",
                set,
                counts[0],
                counts[1],
                percent(counts[1], counts[0])));
    out.printf(
        Locale.ROOT,
        "| all | %d | %d | %.1f |%n%n",
        tally.schemas(),
        tally.strict(),
        percent(tally.strict(), tally.schemas()));
    out.println("| time or size | n | p50 | p90 | p99 | max |\n|---|---|---|---|---|---|");
    out.println(tally.compileFirst.markdown("first compile", "ms"));
    out.println(tally.compileAgain.markdown("compile again", "ms"));
    out.println(tally.maskCold.markdown("mask, built", "µs"));
    out.println(tally.maskWarm.markdown("mask, known", "µs"));
    out.println(tally.advance.markdown("one token taken", "µs"));
    out.println(tally.memory.markdown("memory of a form", "KiB"));
    out.println("\n| check | result |\n|---|---|");
    row(out, "valid values taken", tally.validTaken, tally.valid);
    row(out, "the same, keys not named refused by default", tally.validTakenByDefault, tally.valid);
    out.printf(
        "| invalid values taken | %d of %d, %d of them wrong by a oneOf overlap alone |%n",
        tally.invalidTaken, tally.invalid, tally.invalidByOverlap);
    row(out, "random answers valid", tally.walksValid, tally.walks - tally.walksUnjudged);
    out.printf("| random answers wrong by a oneOf overlap alone | %d |%n", tally.walksByOverlap);
    out.printf("| dead ends | %d |%n", tally.deadEnds);
    out.printf("| other exceptions | %d |%n", tally.crashes);
    out.println("\nRefused keywords: " + refusals());
  }

  private String refusals() {
    StringBuilder text = new StringBuilder();
    tally.refused.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .forEach(
            entry -> text.append(entry.getKey()).append(' ').append(entry.getValue()).append(", "));
    return text.toString();
  }

  private static void row(PrintStream out, String name, int some, int all) {
    out.printf(Locale.ROOT, "| %s | %d of %d = %.1f %% |%n", name, some, all, percent(some, all));
  }

  private static double percent(int some, int all) {
    return all == 0 ? 0 : 100.0 * some / all;
  }

  ObjectNode json() {
    ObjectNode json = SchemaCase.MAPPER.createObjectNode();
    json.put("schemas", tally.schemas()).put("compiled", tally.strict());
    json.put("compile_first_ms_p50", tally.compileFirst.at(0.5));
    json.put("compile_first_ms_p99", tally.compileFirst.at(0.99));
    json.put("mask_cold_us_p50", tally.maskCold.at(0.5));
    json.put("mask_warm_us_p50", tally.maskWarm.at(0.5));
    json.put("advance_us_p50", tally.advance.at(0.5));
    json.put("valid", tally.valid).put("valid_taken", tally.validTaken);
    json.put("valid_taken_by_default", tally.validTakenByDefault);
    json.put("invalid", tally.invalid).put("invalid_taken", tally.invalidTaken);
    json.put("invalid_taken_overlap", tally.invalidByOverlap);
    json.put("walks", tally.walks - tally.walksUnjudged).put("walks_valid", tally.walksValid);
    json.put("walks_overlap", tally.walksByOverlap).put("dead_ends", tally.deadEnds);
    return json;
  }
}
