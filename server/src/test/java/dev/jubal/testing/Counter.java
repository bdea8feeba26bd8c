package dev.jubal.testing;

import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A guard over a fixed number of tokens, which come back only where they were not used. */
public final class Counter implements Guard {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  public Counter(long most) {
    this.most = most;
  }

  public long taken() {
    return taken.get();
  }

  @Override
  public Hold take(Demand demand) {
    Optional<Bound> refused = more(demand.tokens().total());
    if (refused.isPresent()) {
      throw new ApiException(ErrorCode.RATE_LIMIT_EXCEEDED, refused.get().text());
    }
    return new Held(demand.tokens().total());
  }

  @Override
  public Hold again(Demand demand) {
    taken.addAndGet(demand.tokens().total());
    return new Held(demand.tokens().total());
  }

  private Optional<Bound> more(long tokens) {
    long before = taken.get();
    if (before + tokens > most) {
      return Optional.of(
          new Bound(
              "tokens",
              "test",
              Bound.Figure.of(most),
              Bound.Figure.of(before),
              Bound.Figure.of(tokens),
              "tokens",
              Optional.of(Duration.ofSeconds(20)),
              Optional.empty()));
    }
    taken.addAndGet(tokens);
    return Optional.empty();
  }

  private final class Held implements Hold {
    private long held;

    Held(long held) {
      this.held = held;
    }

    @Override
    public Optional<Bound> extend(Demand.Tokens more) {
      Optional<Bound> refused = more(more.total());
      if (refused.isEmpty()) {
        held += more.total();
      }
      return refused;
    }

    @Override
    public void settle(Usage used, long costTicks) {
      taken.addAndGet(used.total() - held);
    }
  }
}
