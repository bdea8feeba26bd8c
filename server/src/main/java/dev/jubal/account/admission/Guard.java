package dev.jubal.account.admission;

import dev.jubal.platform.error.ApiException;
import java.util.List;
import java.util.Optional;

/** One thing that may stand against a request, such as a limit or a budget. Thread-safe. */
public interface Guard {
  /**
   * Takes what a request asks for, all of it or nothing. Of a question nothing is taken, and nobody
   * is told of its refusal.
   *
   * @throws ApiException RATE_LIMIT_EXCEEDED or the like, in the words of {@link Bound#text}
   */
  Hold take(Demand demand);

  /** How a demand stands against each thing that may stand against it; nothing is taken. */
  default List<Bound> bounds(Demand demand) {
    return List.of();
  }

  /**
   * Money that is left.
   *
   * @param ticks that it comes to, not negative
   * @param bound what ends it
   */
  record Left(long ticks, Bound bound) {}

  /** The money that is left for a demand, where least is; empty where no money is counted. */
  default Optional<Left> left(Demand demand) {
    return Optional.empty();
  }

  /**
   * Takes it for work that was admitted before and goes on, such as after a restart; nothing stands
   * against that.
   */
  Hold again(Demand demand);
}
