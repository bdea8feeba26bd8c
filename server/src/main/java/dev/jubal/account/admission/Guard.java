package dev.jubal.account.admission;

import dev.jubal.platform.error.ApiException;
import java.util.List;

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
   * Takes it for work that was admitted before and goes on, such as after a restart; nothing stands
   * against that.
   */
  Hold again(Demand demand);
}
