package dev.jubal.account.limits;

import dev.jubal.account.lease.Leases;
import dev.jubal.account.lease.Shares;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.nodes.Nodes;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's shares of limits, where several nodes hold one together: each counts within its
 * share, and gives back only what is not taken in its windows, so that no window over all nodes has
 * more than the limit. Thread-safe; not called with the lock of a meter held.
 */
public final class Lending {
  private static final Logger log = LoggerFactory.getLogger(Lending.class);
  private static final String KIND = "limit";
  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final int FIELDS = 5;

  private final Shares shares;

  /**
   * Shares of limits; what an earlier process of this node used counts as long as it has to.
   *
   * @throws DatabaseException when that cannot be read
   */
  public Lending(Leases leases) {
    this.shares = Shares.of(leases, KIND, Lending::inherit);
  }

  static String name(Scope scope, String team, String name, Quota quota) {
    return String.join(":", KIND, quota.id(), scope.id(), team, name);
  }

  /**
   * Asks for more of a limit.
   *
   * @return empty when there may be enough now
   * @throws ApiException 503 when it cannot be asked
   */
  Optional<Shares.Refused> more(Meter.Poor poor) {
    try {
      return shares.more(
          poor.share(), poor.more(), new Shares.Whole(poor.most(), Leases.Spent.NOTHING));
    } catch (DatabaseException e) {
      throw Refusals.unreadable(e);
    }
  }

  /** Gives back what nobody asked for in a while. To be called now and then. */
  public void tend() {
    try {
      shares.cover();
      shares.giveBackIdle(IDLE);
    } catch (DatabaseException e) {
      log.debug("limits are not given back yet: {}", e.getMessage());
    }
  }

  /** What the node used counts until it has left the window; what it had at once is over. */
  private static void inherit(Session s, String node) {
    for (String name : Leases.names(s, node, KIND + ":")) {
      String[] fields = name.split(":", FIELDS);
      Quota quota = Quota.of(fields[1]);
      Optional<Duration> window = quota.window();
      if (window.isPresent()) {
        LedgerPast.Who who = new LedgerPast.Who(Scope.of(fields[2]), fields[3], fields[4]);
        keep(s, name, node, quota, who);
      }
    }
  }

  private static void keep(Session s, String name, String node, Quota quota, LedgerPast.Who who) {
    long micros = quota.window().orElseThrow().toNanos() / 1000;
    long moment = Nodes.moment(s);
    List<LedgerPast.Part> parts =
        LedgerPast.rows(s, who, quota, moment - micros, Optional.of(node));
    for (LedgerPast.Part part : parts) {
      if (part.amount() > 0) {
        long last = Math.min(part.endMicros(), moment); // all of it was before now
        Leases.keepUntil(s, name, node, part.endMicros(), part.amount(), last + micros);
      }
    }
  }
}
