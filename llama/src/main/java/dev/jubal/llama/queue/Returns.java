package dev.jubal.llama.queue;

import dev.jubal.llama.Share;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which keys are expected back at once, so that a slot is kept for them a moment.
 *
 * <p>A key that sends one request after the other has nothing waiting when its slot comes free.
 * Were the slot given away then, the key would wait for a whole answer each time, though it is its
 * turn. Times are nanoseconds of any clock that never goes back.
 */
public final class Returns {
  private static final int REMEMBERED = 256;

  private final Map<String, Key> keys = new LinkedHashMap<>();

  private static final class Key {
    boolean away;
    boolean quick;
    boolean kept;
    long left;
    long window;
  }

  /** A key has nothing to do any more; {@code keep} whether it is its turn if it comes back. */
  public void left(Share share, boolean keep, long window, long now) {
    String name = name(share);
    Key key = keys.remove(name);
    key = key == null ? new Key() : key;
    if (keys.size() >= REMEMBERED) {
      keys.remove(keys.keySet().iterator().next());
    }
    keys.put(name, key); // the one that was away longest is the first to be forgotten
    key.away = true;
    key.left = now;
    key.window = window;
    key.kept = keep && key.quick;
  }

  /** A key sends a request: what was kept for it is its own, if it is its turn. */
  public void came(Share share, long now) {
    Key key = keys.get(name(share));
    if (key != null && key.away) {
      key.away = false;
      key.kept = false;
      key.quick = now - key.left <= key.window;
    }
  }

  /** How many slots are kept now. */
  public int kept(long now) {
    int kept = 0;
    for (Key key : keys.values()) {
      key.kept &= now - key.left < key.window;
      kept += key.kept ? 1 : 0;
    }
    return kept;
  }

  /** Nanoseconds until the next slot is kept no longer; a long time if none is kept. */
  public long untilGivenUp(long now) {
    long least = Long.MAX_VALUE;
    for (Key key : keys.values()) {
      least = key.kept ? Math.min(least, key.left + key.window - now) : least;
    }
    return least;
  }

  private static String name(Share share) {
    return share.team().length() + ":" + share.team() + share.key();
  }
}
