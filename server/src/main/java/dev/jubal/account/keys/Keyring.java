package dev.jubal.account.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * The keys as the request path sees them: a hot key costs no query, and what another process
 * changes is seen within half a second. Unknown secrets are remembered as briefly, in a cache of
 * their own, so that guessing evicts nobody. Expiry is judged at each call. Thread-safe.
 */
public final class Keyring {
  /** After how long at most a change of a key holds everywhere. */
  public static final Duration FRESH = Duration.ofMillis(500);

  private static final int MOST_KNOWN = 10_000;
  private static final int MOST_UNKNOWN = 1_000;

  private final KeyStore store;
  private final InstantSource now;
  private final Refusals refusals = new Refusals();
  private final Cache<String, Optional<KeyRows.Standing>> known;
  private final Cache<String, Boolean> unknown;

  public Keyring(KeyStore store, InstantSource now) {
    this(store, now, Ticker.systemTicker());
  }

  Keyring(KeyStore store, InstantSource now, Ticker ticker) {
    this.store = store;
    this.now = now;
    this.known =
        Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(FRESH)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
    this.unknown =
        Caffeine.newBuilder()
            .maximumSize(MOST_UNKNOWN)
            .expireAfterWrite(FRESH)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /**
   * The valid key of a secret; empty for an unknown secret.
   *
   * @throws ApiException 401 for a disabled or expired key, 403 for one of a blocked team
   */
  public Optional<ApiKey> valid(String secret) {
    return checked(secret).map(Valid::key);
  }

  /**
   * A key that may be used now, and what holds for its team.
   *
   * @param mark tells by which of its secrets it was found; see {@link #marked}
   */
  public record Valid(ApiKey key, TeamPolicy team, String mark) {
    private static Valid of(ApiKey key, KeyRows.Standing standing) {
      return new Valid(key, standing.team(), SecretText.mark(standing.hash()));
    }
  }

  /** As {@link #valid}, with the policy of its team. */
  public Optional<Valid> checked(String secret) {
    return standing(SecretText.hash(secret)).map(s -> Valid.of(checked(s), s));
  }

  /**
   * As {@link #checked(String)}, without a query: empty too for a key that was not seen of late.
   */
  public Optional<Valid> hot(String secret) {
    Optional<KeyRows.Standing> seen = known.getIfPresent(SecretText.hash(secret));
    return seen == null ? Optional.empty() : seen.map(s -> Valid.of(checked(s), s));
  }

  /** As {@link #checked(String)}, but a blocked team's key is found too. */
  public Optional<Valid> known(String secret) {
    return standing(SecretText.hash(secret)).map(s -> Valid.of(alive(s), s));
  }

  /**
   * The key of an id, for what was made by one of its secrets: valid as long as that secret is.
   * Empty when there is no such key, or the secret was replaced long ago.
   *
   * @param mark see {@link Valid}
   * @param blockedToo whether a blocked team's key is found
   */
  public Optional<Valid> marked(String keyId, String mark, boolean blockedToo) {
    return standing("of " + keyId + " " + mark, _ -> store.standing(keyId, mark))
        .map(s -> Valid.of(blockedToo ? alive(s) : checked(s), s));
  }

  /** Counts whom it turns away. */
  public Refusals refusals() {
    return refusals;
  }

  /**
   * The key of an id as it stands now, for work that goes on without its client.
   *
   * @throws ApiException as {@link #valid}, and 401 when there is no such key any more
   */
  public Valid holder(String keyId) {
    KeyRows.Standing standing =
        store
            .standingOf(keyId)
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.INVALID_API_KEY, "The key " + keyId + " is no more."));
    return Valid.of(checked(standing), standing);
  }

  private Optional<KeyRows.Standing> standing(String hash) {
    return standing(hash, store::standing);
  }

  private Optional<KeyRows.Standing> standing(
      String hash, Function<String, Optional<KeyRows.Standing>> look) {
    if (unknown.getIfPresent(hash) != null) {
      return Optional.empty();
    }
    // the cache's own loader lets one of many waiting threads ask
    Optional<KeyRows.Standing> found = known.get(hash, look);
    if (found.isEmpty()) {
      known.invalidate(hash);
      unknown.put(hash, true);
    }
    return found;
  }

  private ApiKey checked(KeyRows.Standing standing) {
    ApiKey key = alive(standing);
    if (key.team().blocked()) {
      throw refusals.count(
          Refusals.Reason.TEAM_BLOCKED,
          new ApiException(
              ErrorCode.PERMISSION_DENIED,
              "The team " + key.teamId() + " of the key " + key.redacted() + " is blocked."));
    }
    return key;
  }

  private ApiKey alive(KeyRows.Standing standing) {
    ApiKey key = standing.key();
    if (key.deleted().isPresent()) {
      throw refused(Refusals.Reason.DISABLED, key, "is revoked");
    }
    if (key.disabled()) {
      throw refused(Refusals.Reason.DISABLED, key, "is disabled");
    }
    if (key.expires().filter(this::over).isPresent()) {
      throw refused(Refusals.Reason.EXPIRED, key, "expired at " + key.expires().get());
    }
    standing
        .until()
        .filter(this::over)
        .ifPresent(
            end -> {
              throw refused(
                  Refusals.Reason.ROTATED, key, "was rotated; its old secret ended at " + end);
            });
    if (standing.userDisabled()) {
      throw refused(
          Refusals.Reason.USER_DISABLED, key, "belongs to the disabled user " + key.userId());
    }
    return key;
  }

  private boolean over(Instant end) {
    return !end.isAfter(now.instant());
  }

  private ApiException refused(Refusals.Reason reason, ApiKey key, String why) {
    return refusals.count(
        reason,
        new ApiException(
            ErrorCode.INVALID_API_KEY,
            "The API key "
                + key.redacted()
                + " "
                + why
                + ". Make a new one on the server with: jubal key create NAME"));
  }
}
