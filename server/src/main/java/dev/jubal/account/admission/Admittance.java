package dev.jubal.account.admission;

import dev.jubal.platform.error.ApiException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * Lets requests in: each of its guards holds what the request asks for, or none does. The order is
 * that of the list. Thread-safe.
 */
public final class Admittance {
  /** Lets everybody in. */
  public static final Admittance OPEN = new Admittance(List.of());

  private final List<Guard> guards;
  private final Map<String, Reservation> held = new ConcurrentHashMap<>();

  public Admittance(List<Guard> guards) {
    this.guards = List.copyOf(guards);
  }

  /**
   * Takes what a request asks for.
   *
   * @throws ApiException of the first guard that refuses; nothing is held then
   */
  public Reservation reserve(Demand demand) {
    return reserve(demand, Guard::take);
  }

  /** What is held for work that was admitted before; taken anew when it was by another process. */
  public Reservation again(Demand demand) {
    return held(demand.requestId()).orElseGet(() -> reserve(demand, Guard::again));
  }

  /** What is held for a request. */
  public Optional<Reservation> held(String requestId) {
    return Optional.ofNullable(held.get(requestId));
  }

  /** What would refuse a demand now, if anything would; nothing is taken, and nobody told. */
  public Optional<ApiException> refusal(Demand demand) {
    try {
      reserve(demand.asked(), Guard::take).release();
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(e);
    }
  }

  /**
   * A demand that cannot be extended, with no more output than there is the money for; as it is
   * where there is not enough for a token of each choice.
   */
  public Demand affordable(Demand demand, int choices) {
    Optional<Guard.Left> left =
        guards.stream()
            .flatMap(g -> g.left(demand).stream())
            .min(Comparator.comparingLong(Guard.Left::ticks));
    long each = left.map(l -> demand.outputFor(l.ticks()) / choices).orElse(0L);
    long output = each * choices;
    return each == 0 || output == demand.tokens().output()
        ? demand
        : demand.narrowed(output, left.orElseThrow().bound());
  }

  /** How a demand stands against all that may stand against it; nothing is taken. */
  public List<Bound> bounds(Demand demand) {
    return guards.stream().flatMap(g -> g.bounds(demand).stream()).toList();
  }

  /** Whether nothing is ever refused, so that nothing need be counted. */
  public boolean open() {
    return guards.isEmpty();
  }

  private Reservation reserve(Demand demand, BiFunction<Guard, Demand, Hold> take) {
    List<Hold> holds = new ArrayList<>(guards.size());
    try {
      for (Guard guard : guards) {
        holds.add(take.apply(guard, demand));
      }
    } catch (RuntimeException | Error e) {
      new Reservation(demand, holds, () -> {}).release();
      throw e;
    }
    if (holds.isEmpty()) {
      return Reservation.unlimited(demand);
    }
    String id = demand.requestId();
    Reservation made = new Reservation(demand, holds, () -> held.remove(id));
    held.put(id, made);
    return made;
  }
}
