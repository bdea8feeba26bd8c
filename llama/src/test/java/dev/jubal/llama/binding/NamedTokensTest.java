package dev.jubal.llama.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NamedTokensTest {
  private static final int START = 1;
  private static final int END = 2;
  private static final int TAG = 3;
  private static final int TAGS = 4;
  private static final int BREAKS = 5;
  private static final int WIDE = 6;

  private final NamedTokens named = new NamedTokens();

  NamedTokensTest() {
    named.add("<|start|>", START, true, false, false);
    named.add("<|end|>", END, true, false, false);
    named.add("<tag>", TAG, false, false, false);
    named.add("<tag><tag>", TAGS, false, false, false);
    named.add("\n\n", BREAKS, false, false, false);
    named.add("<w>", WIDE, true, true, true);
  }

  @Test
  void findsNamesInOrderLongestFirst() {
    assertEquals("0-9:1 9-19:4 19-24:3", found("<|start|><tag><tag><tag>", 0, 0));
  }

  @Test
  void controlTokensCountOnlyWhereAllIsTrusted() {
    assertEquals("0-9:1", found("<|start|>x<|end|>", 9, 17));
    assertEquals("", found("<|start|>", 8, 9));
    assertEquals("0-5:3", found("<tag>", 0, 5));
  }

  @Test
  void aNameThatOverlapsALongerOneGivesWay() {
    assertEquals("1-3:5", found("x\n\n\n", 0, 0));
    assertEquals("0-2:5 2-4:5", found("\n\n\n\n", 0, 0));
  }

  @Test
  void takesTheBlanksThatBelongToAToken() {
    assertEquals("1-8:6", found("a  <w> \nb", 0, 0));
  }

  @Test
  void hostileTextsCostTimeInProportion() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          found("<".repeat(1_000_000), 0, 1_000_000);
          found("\n".repeat(1_000_000), 0, 1_000_000);
          found("<tag>".repeat(200_000), 0, 1_000_000);
        });
  }

  private String found(String text, int foreignFrom, int foreignTo) {
    BitSet foreign = new BitSet();
    foreign.set(foreignFrom, foreignTo);
    List<NamedTokens.Found> found = named.in(text, foreign);
    return found.stream()
        .map(f -> f.from() + "-" + f.to() + ":" + f.token())
        .collect(Collectors.joining(" "));
  }
}
