package dev.jubal.platform.trace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request, as it is seen from outside: its ids, what is noted of it for its line of the log,
 * and its spans. Where nothing is exported spans cost nothing; where nothing is logged either,
 * notes do not. Thread-safe.
 *
 * <p>Stations follow one another: to enter one ends the one before. A trace is bound to the thread
 * that works on the request ({@link #run}), so that a line of the log finds it; who works on
 * another thread is handed it.
 */
public final class Trace {
  /** Of nothing: takes all and keeps nothing. */
  public static final Trace NONE = new Trace("", "", null, new Ending(false, trace -> {}), null);

  private static final ScopedValue<Trace> CURRENT = ScopedValue.newInstance();

  private final String requestId;
  private final String traceId;
  private final @Nullable Track track;
  private final Ending ending;
  private final @Nullable Trace whole;
  private final Map<String, Object> notes;
  private @Nullable Track station;
  private boolean over;
  private volatile @Nullable Authority server;

  /**
   * What becomes of notes.
   *
   * @param kept whether anybody reads them
   * @param then reads them when the request is over
   */
  record Ending(boolean kept, Consumer<Trace> then) {}

  /** A request's; {@code whole} is what it is a part of, if it is one. */
  private Trace(
      String requestId,
      String traceId,
      @Nullable Track track,
      Ending ending,
      @Nullable Trace whole) {
    this.requestId = requestId;
    this.traceId = traceId;
    this.track = track;
    this.ending = ending;
    this.whole = whole;
    this.notes = ending.kept && whole == null ? new LinkedHashMap<>() : Map.of();
  }

  static Trace of(String requestId, String traceId, @Nullable Track track, Ending ending) {
    return new Trace(requestId, traceId, track, ending, null);
  }

  /** That of the request that this thread works on; {@link #NONE} when it works on none. */
  public static Trace current() {
    return CURRENT.orElse(NONE);
  }

  /** Binds it to this thread meanwhile. */
  public void run(Runnable work) {
    ScopedValue.where(CURRENT, this).run(work);
  }

  /** The same with a result. */
  public <T> T call(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** The server's own id of the request, empty for none. */
  public String requestId() {
    return requestId;
  }

  /** The id of the trace in 32 hexadecimal digits; empty when there is none. */
  public String traceId() {
    return traceId;
  }

  /** Says by what name its client knows the server; parts that begin later say so too. */
  public void served(Authority name) {
    server = name;
    set("server.address", name.host());
    if (name.port() >= 0) {
      set("server.port", name.port());
    }
  }

  /** Whether it is of no request. */
  public boolean none() {
    return this == NONE;
  }

  /** Whether its spans are exported, so that it pays to say more of them. */
  public boolean exported() {
    return track != null;
  }

  /** Notes something for the request's line of the log, and as {@code jubal.KEY} of its span. */
  public void note(String key, String value) {
    keep(key, value);
    Track span = root().track;
    if (span != null) {
      span.set("jubal." + key, value);
    }
  }

  /** The same of a number. */
  public void note(String key, long value) {
    keep(key, value);
    Track span = root().track;
    if (span != null) {
      span.set("jubal." + key, value);
    }
  }

  private void keep(String key, Object value) {
    Trace root = root();
    if (root.ending.kept) {
      synchronized (root.notes) {
        root.notes.put(key, value);
      }
    }
  }

  private Trace root() {
    return whole == null ? this : whole;
  }

  /** All that was noted, in order. */
  public Map<String, Object> notes() {
    Trace root = root();
    synchronized (root.notes) {
      return new LinkedHashMap<>(root.notes);
    }
  }

  /** One thing that was noted; null for nothing. */
  public @Nullable Object noted(String key) {
    Trace root = root();
    synchronized (root.notes) {
      return root.notes.get(key);
    }
  }

  /** A part of it with stations of its own, which ends for itself; what it notes is the whole's. */
  public Trace part(String name) {
    if (track == null) {
      return this == NONE || whole != null
          ? this
          : new Trace(requestId, traceId, null, ending, this);
    }
    leave();
    Trace part = new Trace(requestId, traceId, track.begin(name), ending, root());
    Authority known = server;
    if (known != null) {
      part.served(known);
    }
    return part;
  }

  /** Gives its span another name. */
  public void rename(String name) {
    if (track != null) {
      track.rename(name);
    }
  }

  /** Enters a station, and ends the one before. */
  public void enter(String name) {
    if (track == null) {
      return;
    }
    synchronized (this) {
      leave();
      if (!over) {
        station = track.begin(name);
      }
    }
  }

  /** Ends the station that it is in, if it is in one. */
  public void leave() {
    if (track == null) {
      return;
    }
    synchronized (this) {
      Track open = station;
      station = null;
      if (open != null) {
        open.end();
      }
    }
  }

  /** Says something of the station that it is in. */
  public void here(String key, long value) {
    Track open = track == null ? null : station();
    if (open != null) {
      open.set(key, value);
    }
  }

  /** The same with a text. */
  public void here(String key, String value) {
    Track open = track == null ? null : station();
    if (open != null) {
      open.set(key, value);
    }
  }

  /** Something happened in the station that it is in. */
  public void event(String name, String key, long value) {
    Track open = track == null ? null : station();
    if (open != null) {
      open.event(name, key, value);
    }
  }

  private synchronized @Nullable Track station() {
    return station;
  }

  /** Says something of its span. */
  public void set(String key, String value) {
    if (track != null) {
      track.set(key, value);
    }
  }

  /** The same with a number. */
  public void set(String key, long value) {
    if (track != null) {
      track.set(key, value);
    }
  }

  /** The same with a truth. */
  public void set(String key, boolean value) {
    if (track != null) {
      track.set(key, value);
    }
  }

  /** The same with a fraction. */
  public void set(String key, double value) {
    if (track != null) {
      track.set(key, value);
    }
  }

  /** The same with several texts. */
  public void set(String key, List<String> value) {
    if (track != null) {
      track.set(key, value);
    }
  }

  /** It did not go well, for a reason of one word; the station that it is in did not either. */
  public void fail(String type) {
    Track open = track == null ? null : station();
    if (open != null) {
      open.fail(type);
    }
    if (track != null) {
      track.fail(type);
    }
  }

  /** It is over: its spans end, and if it is no part its notes are read. Does nothing again. */
  public void end() {
    synchronized (this) {
      if (over || this == NONE) {
        return;
      }
      over = true;
    }
    leave();
    if (track != null) {
      track.end();
    }
    if (whole == null) {
      ending.then.accept(this);
    }
  }
}
