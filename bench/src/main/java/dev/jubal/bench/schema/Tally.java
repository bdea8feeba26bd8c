package dev.jubal.bench.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that is counted over the schemas. */
final class Tally {
  final Map<String, int[]> compiled = new TreeMap<>();
  final Map<String, Integer> refused = new TreeMap<>();
  final List<String> notes = new ArrayList<>();
  final Spread compileFirst = new Spread();
  final Spread compileAgain = new Spread();
  final Spread maskCold = new Spread();
  final Spread maskWarm = new Spread();
  final Spread advance = new Spread();
  final Spread memory = new Spread();
  int valid;
  int validTaken;
  int validTakenByDefault;
  int invalid;
  int invalidTaken;
  int invalidByOverlap;
  int walks;
  int walksValid;
  int walksByOverlap;
  int walksUnjudged;
  int deadEnds;
  int crashes;

  int schemas() {
    return compiled.values().stream().mapToInt(counts -> counts[0]).sum();
  }

  int strict() {
    return compiled.values().stream().mapToInt(counts -> counts[1]).sum();
  }

  void refused(String keyword, String note) {
    refused.merge(keyword, 1, Integer::sum);
    notes.add("refused " + note);
  }
}
