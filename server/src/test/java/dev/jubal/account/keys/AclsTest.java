package dev.jubal.account.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.Principal;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AclsTest {
  private static final List<String> NAMES = List.of("a", "b", "c");

  @Test
  void rowsWithinOthersAllowWhatBothAllow() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      List<String> asked = rows(random);
      List<String> held = rows(random);
      Principal both = principal(Acls.within(asked, held));
      for (String name : NAMES) {
        String message = "seed " + seed + ": " + name + " of " + asked + " within " + held;
        assertEquals(
            principal(asked).mayCall(name) && principal(held).mayCall(name),
            both.mayCall(name),
            message);
        assertEquals(
            principal(asked).mayUse(name) && principal(held).mayUse(name),
            both.mayUse(name),
            message);
        assertEquals(
            principal(asked).mayOffer(name) && principal(held).mayOffer(name),
            both.mayOffer(name),
            message);
      }
    }
  }

  private static Principal principal(List<String> rows) {
    return new Principal("k", "k", "xai-...k", "u", "t", rows);
  }

  private static List<String> rows(Random random) {
    return Stream.of(Acls.MODEL, Acls.ENDPOINT, Acls.TOOL)
        .flatMap(
            kind ->
                Stream.of("a", "b", "*")
                    .filter(_ -> random.nextInt(3) == 0)
                    .map(name -> kind + name))
        .toList();
  }
}
