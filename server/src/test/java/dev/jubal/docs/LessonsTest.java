package dev.jubal.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that docs/lessons.md names is there. */
final class LessonsTest {
  private static final Path PAGE = Path.of("../docs/lessons.md");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z0-9]+)#([a-z][A-Za-z0-9]*)`");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9]+) \\|.*$");

  private static Map<String, Path> tests() throws IOException {
    Map<String, Path> found = new HashMap<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      files
          .filter(f -> f.toString().endsWith("Test.java"))
          .forEach(f -> found.put(f.getFileName().toString().replace(".java", ""), f));
    }
    return found;
  }

  @Test
  void eachRowNamesTestsThatAreThere() throws IOException {
    String page = Files.readString(PAGE);
    Map<String, Path> tests = tests();
    List<String> missing = new ArrayList<>();
    TreeSet<Integer> rows = new TreeSet<>();
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      rows.add(Integer.parseInt(row.group(1)));
      Matcher named = NAMED.matcher(row.group());
      boolean any = false;
      while (named.find()) {
        any = true;
        Path file = tests.get(named.group(1));
        if (file == null
            || !Pattern.compile("\\bvoid " + named.group(2) + "\\(")
                .matcher(Files.readString(file))
                .find()) {
          missing.add(row.group(1) + ": " + named.group());
        }
      }
      if (!any) {
        missing.add(row.group(1) + ": none is named");
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(rows.containsAll(IntStream.rangeClosed(1, 24).boxed().toList()), rows::toString);
    assertTrue(rows.containsAll(List.of(49, 52, 58)), rows::toString);
  }
}
