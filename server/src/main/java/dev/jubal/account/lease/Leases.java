package dev.jubal.account.lease;

import dev.jubal.platform.nodes.Fence;
import dev.jubal.platform.nodes.Nodes;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts of what all nodes of a database may use together. Of each name the parts of all nodes, and
 * what is spent, are never more than the whole: a part grows only in a transaction that no other
 * one of that name runs beside, and that sees both in one moment.
 *
 * <p>A node writes its part as what it has from then on, never as a difference, so that a write
 * whose outcome is unknown is mended by the next one; a part is used only after its commit, and
 * given up in memory before it is in the row. A part ends with its node: when that is gone, others
 * raise its {@link Fence}, write what still counts of it, and take the part away. Thread-safe.
 */
public final class Leases {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);
  private static final long GRACE_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long BURY_NANOS = Duration.ofSeconds(1).toNanos();

  private static final String COUNTS =
      " (l.until_us IS NULL OR l.until_us > ?) AND (l.request_id IS NULL OR NOT EXISTS"
          + " (SELECT 1 FROM ledger_settlement s WHERE s.request_id = l.request_id))";
  private static final String WANT =
      "UPDATE quota_lease SET wanted = TRUE WHERE name = ? AND holder <> ? AND until_us IS NULL"
          + " AND request_id IS NULL AND amount > 0 AND NOT wanted";

  private final Parts parts;
  private final Nodes nodes;
  private final String own;
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final List<Shares> kinds = new CopyOnWriteArrayList<>();
  private final ReentrantLock ticking = new ReentrantLock();
  private volatile boolean lost;
  private long lostNanos;
  private long buriedNanos = System.nanoTime() - BURY_NANOS;

  /**
   * What it works with.
   *
   * @param certain whether of every settlement it is known that it is written or never will be
   */
  public record Parts(
      Database database, Fence fence, BooleanSupplier certain, InstantSource now, Told told) {}

  /** What happens, for metrics. It must not block. */
  public interface Told {
    /** Nobody is told. */
    Told NOBODY = new Told() {};

    /**
     * A part was asked for.
     *
     * @param kind whose, such as budget
     * @param granted whether there was more to have
     * @param took the time at the database
     */
    default void asked(String kind, boolean granted, Duration took) {}

    /** Somebody waited for others to give back what they do not use. */
    default void waited(String kind, Duration waited) {}

    /** What is not used was given back, as others want it. */
    default void gaveBack(String kind) {}

    /** The parts of a node that is gone were taken over. */
    default void tookOver() {}

    /** This node's own parts were taken over by others. */
    default void lost() {}
  }

  /**
   * What is spent of a name already, for good.
   *
   * @param sql an expression; {@code 0} for nothing
   */
  public record Spent(String sql, List<Object> arguments) {
    public static final Spent NOTHING = new Spent("0", List.of());
  }

  /**
   * Asks for more of a name.
   *
   * @param keep what this node has of it and keeps
   * @param need more that it cannot do without
   * @param most the whole
   * @param want whether the others are to give back what they do not use, if there is not enough
   */
  public record Ask(String name, long keep, long need, long most, Spent spent, boolean want) {}

  /**
   * What came of it.
   *
   * @param granted more that is this node's from now on: at least what was needed, or 0
   * @param others what others have
   * @param spent what is spent
   * @param waiting how many others were asked to give back and have not yet
   * @param free how long until what nodes used that are gone makes room for what was needed; empty
   *     when that alone does not
   */
  public record Answer(
      long granted, long others, long spent, long waiting, Optional<Duration> free) {
    /** All that this node cannot have. */
    public long gone() {
      return Math.addExact(others, spent);
    }
  }

  public Leases(Parts parts) {
    this.parts = parts;
    this.nodes = new Nodes(parts.database(), parts.now());
    this.own = parts.database().node();
  }

  /**
   * Adds the shares of a kind; what an earlier process of this node had is taken over.
   *
   * @throws DatabaseException when that cannot be done
   */
  void add(Shares shares) {
    parts
        .database()
        .exclusively(
            "bury " + own,
            s -> {
              shares.inherit(s, own);
              return s.update(
                  "DELETE FROM quota_lease WHERE holder = ? AND name LIKE ?",
                  own,
                  shares.prefix() + "%");
            });
    kinds.add(shares);
  }

  /** Whether what this node has is its own; else nothing is lent until a moment later. */
  public boolean stands() {
    return !lost;
  }

  /** How many names this node has a part of, about. */
  public int held() {
    return held.size();
  }

  /** Whether of every settlement it is known that it is written or never will be. */
  public boolean certain() {
    return parts.certain().getAsBoolean();
  }

  /** Who is told what happens. */
  public Told told() {
    return parts.told();
  }

  /**
   * Asks for more; the part is then what is kept and what is granted.
   *
   * @throws DatabaseException when it cannot be asked; then the row has what it had, or what was
   *     asked for
   */
  public Answer ask(Ask ask) {
    long from = System.nanoTime();
    Answer answer = parts.database().exclusively(ask.name(), s -> answer(s, ask));
    parts
        .told()
        .asked(kind(ask.name()), answer.granted() > 0, Duration.ofNanos(System.nanoTime() - from));
    return answer;
  }

  private Answer answer(Session s, Ask ask) {
    long moment = fenced(s);
    Standing now = standing(s, ask, moment);
    long room = ask.most() - now.spent - now.others - ask.keep();
    long granted = room < ask.need() ? 0 : share(room, ask.need(), now.living);
    have(s, ask.name(), Math.max(0, Math.addExact(ask.keep(), granted)));
    if (granted > 0) {
      return new Answer(granted, now.others, now.spent, now.waiting, Optional.empty());
    }
    int asked = ask.want() ? s.update(WANT, ask.name(), own) : 0;
    Optional<Duration> free =
        Optional.of(ask.need() - room)
            .filter(lacks -> lacks <= now.passing) // else it need not be looked for
            .flatMap(lacks -> free(s, ask.name(), moment, lacks));
    return new Answer(0, now.others, now.spent, now.waiting + asked, free);
  }

  /** Until so much of what nodes used that are gone does not count any more. */
  private static Optional<Duration> free(Session s, String name, long moment, long lacks) {
    return s.first(
            "SELECT MIN(p.until_us) AS free_us FROM (SELECT l.until_us, SUM(l.amount) OVER"
                + " (ORDER BY l.until_us) AS freed FROM quota_lease l WHERE l.name = ?"
                + " AND l.until_us > ?) p WHERE p.freed >= ?",
            row -> row.maybeWhole("free_us"),
            name,
            moment,
            lacks)
        .flatMap(until -> until)
        .map(until -> Duration.of(until - moment, ChronoUnit.MICROS));
  }

  /** All there is for a node alone; else half of what would be each one's beyond its need. */
  private static long share(long room, long need, long living) {
    return living <= 1 ? room : need + (room - need) / (2 * living);
  }

  /**
   * How a name stands.
   *
   * @param passing of what others have, what counts for a while only
   */
  private record Standing(long others, long passing, long waiting, long spent, long living) {}

  private Standing standing(Session s, Ask ask, long moment) {
    List<Object> arguments = new ArrayList<>(List.of(own, own));
    arguments.addAll(ask.spent().arguments());
    arguments.addAll(List.of(nodes.limit(moment), ask.name(), moment));
    return s.first(
            "SELECT COALESCE(SUM(CASE WHEN l.holder = ? THEN 0 ELSE l.amount END), 0) AS others,"
                + " COALESCE(SUM(CASE WHEN l.until_us IS NULL THEN 0 ELSE l.amount END), 0)"
                + " AS passing,"
                + " COALESCE(SUM(CASE WHEN l.wanted AND l.holder <> ? THEN 1 ELSE 0 END), 0)"
                + " AS waiting, "
                + ask.spent().sql()
                + " AS spent, (SELECT COUNT(*) FROM node n WHERE n.heartbeat_us >= ?) AS living"
                + " FROM quota_lease l WHERE l.name = ? AND"
                + COUNTS,
            row ->
                new Standing(
                    row.whole("others"),
                    row.whole("passing"),
                    row.whole("waiting"),
                    row.whole("spent"),
                    row.whole("living")),
            arguments.toArray())
        .orElseThrow();
  }

  private long fenced(Session s) {
    if (!lost) {
      OptionalLong moment = parts.fence().holds(s);
      if (moment.isPresent()) {
        return moment.getAsLong();
      }
    }
    // the next tick does what follows from that; until then the ledger refuses what builds on it
    throw new DatabaseException("this node was silent for too long, and others took over");
  }

  /** Leaves the mark that others want of it. */
  private void have(Session s, String name, long amount) {
    if (amount == 0) {
      held.remove(name);
      s.update("DELETE FROM quota_lease WHERE name = ? AND holder = ?", name, own);
      return;
    }
    held.add(name);
    s.update(
        "INSERT INTO quota_lease (name, holder, amount) VALUES (?, ?, ?)"
            + " ON CONFLICT (name, holder) DO UPDATE SET amount = excluded.amount",
        name,
        own,
        amount);
  }

  /**
   * Writes what this node has of a name, whatever others have: when it gives back, and for what is
   * in use already.
   *
   * @param adopted requests whose work another node left, and which are held by this part from now
   * @throws DatabaseException when it cannot be written; then the row has this, or what it had
   */
  public void write(String name, long amount, List<String> adopted) {
    write(name, amount, adopted, () -> true);
  }

  /**
   * The same, if that is still so once nobody else can write that name; else it is left to the next
   * call.
   */
  void write(String name, long amount, List<String> adopted, BooleanSupplier still) {
    parts
        .database()
        .exclusively(
            name,
            s -> {
              var _ = fenced(s);
              if (!still.getAsBoolean()) {
                return false;
              }
              have(s, name, Math.max(0, amount));
              s.update(
                  "UPDATE quota_lease SET wanted = FALSE WHERE name = ? AND holder = ?", name, own);
              for (String id : adopted) {
                s.update("DELETE FROM quota_lease WHERE name = ? AND holder = ?", name, ofWork(id));
              }
              return true;
            });
  }

  /**
   * What others have of a name, and what is spent of it, now.
   *
   * @throws DatabaseException when it cannot be read
   */
  public Answer look(Ask ask) {
    return parts
        .database()
        .read(
            s -> {
              Standing now = standing(s, ask, Nodes.moment(s));
              return new Answer(0, now.others, now.spent, now.waiting, Optional.empty());
            });
  }

  /** What work of a node that is gone holds, until its request is settled. */
  public static void keepForWork(Session s, String name, String requestId, long amount) {
    s.update(
        "INSERT INTO quota_lease (name, holder, amount, request_id) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (name, holder) DO UPDATE SET amount = excluded.amount",
        name,
        ofWork(requestId),
        amount,
        requestId);
  }

  private static String ofWork(String requestId) {
    return "work:" + requestId;
  }

  /**
   * What a node used that is gone, until it does not count any more.
   *
   * @param which tells such rows of a node apart
   * @param untilMicros by the database's clock
   */
  public static void keepUntil(
      Session s, String name, String node, long which, long amount, long untilMicros) {
    s.update(
        "INSERT INTO quota_lease (name, holder, amount, until_us) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (name, holder) DO UPDATE SET amount = excluded.amount,"
            + " until_us = excluded.until_us",
        name,
        "past:" + node + ":" + which,
        amount,
        untilMicros);
  }

  /** The names of a node's parts that begin so. */
  public static List<String> names(Session s, String node, String prefix) {
    return s.list(
        "SELECT name FROM quota_lease WHERE holder = ? AND name LIKE ? ORDER BY name",
        row -> row.text("name"),
        node,
        prefix + "%");
  }

  private static String kind(String name) {
    return name.substring(0, Math.max(0, name.indexOf(':')));
  }

  /**
   * Gives back what others want, and takes over from nodes that are gone. To be called several
   * times a second; a failure is made good by the next call.
   */
  public void tick() {
    if (!ticking.tryLock()) {
      return;
    }
    try {
      boolean turn = System.nanoTime() - buriedNanos >= BURY_NANOS;
      if (lost || (turn && !parts.database().read(parts.fence()::stands))) {
        lose();
        mend();
        return;
      }
      // now and then also of what is not known here, such as after a write that failed
      if (turn || !held.isEmpty()) {
        wanted().forEach(this::giveBack);
      }
      if (turn) {
        buriedNanos = System.nanoTime();
        bury();
      }
    } catch (DatabaseException e) {
      log.debug("leases cannot be looked through, and will be again: {}", e.getMessage());
    } finally {
      ticking.unlock();
    }
  }

  private List<String> wanted() {
    return parts
        .database()
        .read(
            s ->
                s.list(
                    "SELECT name FROM quota_lease WHERE holder = ? AND wanted ORDER BY name",
                    row -> row.text("name"),
                    own));
  }

  private void giveBack(String name) {
    for (Shares shares : kinds) {
      if (name.startsWith(shares.prefix())) {
        shares.giveBack(name);
        parts.told().gaveBack(kind(name));
      }
    }
  }

  private void lose() {
    if (!lost) {
      lost = true;
      lostNanos = System.nanoTime();
      log.warn("others took over what this node was lent, as it was silent for too long");
      kinds.forEach(Shares::lost);
      parts.told().lost();
    }
  }

  /**
   * Begins anew, a while after: what was let in on parts that are void is refused by the ledger
   * until then.
   */
  private void mend() {
    if (System.nanoTime() - lostNanos < GRACE_NANOS) {
      return;
    }
    parts.fence().renew();
    lost = false;
    kinds.forEach(Shares::cover);
    log.info("this node is lent parts again");
  }

  private void bury() {
    List<String> gone =
        parts
            .database()
            .read(
                s ->
                    s.list(
                        "SELECT DISTINCT l.holder AS id FROM quota_lease l JOIN node n"
                            + " ON n.id = l.holder WHERE n.recovered AND n.id <> ?",
                        row -> row.text("id"),
                        own));
    for (String node : gone) {
      boolean done = parts.database().exclusively("bury " + node, s -> buried(s, node));
      if (done) {
        log.info("took over what the node {} was lent, which is gone", node);
        parts.told().tookOver();
      }
    }
    sweep();
  }

  private boolean buried(Session s, String node) {
    if (!Fence.raise(s, node)) {
      return false;
    }
    kinds.forEach(shares -> shares.inherit(s, node));
    return s.update("DELETE FROM quota_lease WHERE holder = ?", node) > 0;
  }

  /** Rows that count no more. */
  private void sweep() {
    parts
        .database()
        .exclusively(
            "sweep leases",
            s -> {
              long moment = fenced(s);
              s.update("DELETE FROM quota_lease WHERE until_us <= ?", moment);
              return s.update(
                  "DELETE FROM quota_lease WHERE request_id IS NOT NULL AND EXISTS"
                      + " (SELECT 1 FROM ledger_settlement s"
                      + " WHERE s.request_id = quota_lease.request_id)");
            });
  }
}
