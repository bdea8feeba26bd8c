package dev.jubal.llama.queue;

import dev.jubal.llama.Share;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Who makes room in a full queue, so that no one can fill it for all others: of the team that holds
 * most of it for its weight, of that team's key that holds most, of that key's end user that holds
 * most, the newest request. Background work makes room before all other.
 */
public final class Displacement {
  private Displacement() {}

  /**
   * The one to be refused.
   *
   * @param crowd all who wait, by arrival, the newcomer last; not empty
   * @param size how much of the queue one takes
   */
  public static <T> T choose(List<T> crowd, Function<T, Share> shareOf, ToLongFunction<T> size) {
    List<T> rest = crowd.stream().filter(work -> shareOf.apply(work).background()).toList();
    rest = rest.isEmpty() ? crowd : rest;
    rest = heaviest(rest, work -> shareOf.apply(work).team(), shareOf, size);
    rest = heaviest(rest, work -> shareOf.apply(work).key(), shareOf, size);
    rest = heaviest(rest, work -> shareOf.apply(work).user(), shareOf, size);
    return rest.getLast();
  }

  /** Of equal ones that whose newest member is newest: a newcomer displaces only those above it. */
  private static <T> List<T> heaviest(
      List<T> crowd, Function<T, String> name, Function<T, Share> shareOf, ToLongFunction<T> size) {
    Map<String, Double> held = new LinkedHashMap<>();
    String heaviest = "";
    for (T work : crowd) {
      // within a team all have its weight, so it changes nothing at the levels below
      double part = size.applyAsLong(work) / (double) shareOf.apply(work).weight();
      held.merge(name.apply(work), part, Double::sum);
    }
    double most = -1;
    for (T work : crowd) {
      double has = held.getOrDefault(name.apply(work), 0.0);
      if (has >= most) {
        most = has;
        heaviest = name.apply(work);
      }
    }
    String chosen = heaviest;
    return crowd.stream().filter(work -> name.apply(work).equals(chosen)).toList();
  }
}
