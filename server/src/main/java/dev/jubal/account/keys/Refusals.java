package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often callers were turned away, by reason. Thread-safe. */
public final class Refusals {
  /** Why a caller was turned away. */
  public enum Reason {
    /** No secret was sent. */
    ABSENT,
    /** No key has that secret. */
    UNKNOWN,
    /** Disabled or revoked. */
    DISABLED,
    EXPIRED,
    /** The secret was replaced, and its grace is over. */
    ROTATED,
    /** The user whose key it is was disabled. */
    USER_DISABLED,
    TEAM_BLOCKED,
    /** The key has no ACL row for what was asked. */
    ACL,
    /** An API key where a management key is needed, or the like. */
    OTHER_KIND,
    /** The token was made for pages of another origin. */
    ORIGIN;

    /** As the label of a metric. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

  public Refusals() {
    for (Reason reason : Reason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /** Counts an error that is about to be thrown, and returns it. */
  public ApiException count(Reason reason, ApiException error) {
    adder(reason).increment();
    return error;
  }

  /** How many there were since the start. */
  public long of(Reason reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(Reason reason) {
    return counts.computeIfAbsent(reason, r -> new LongAdder());
  }
}
