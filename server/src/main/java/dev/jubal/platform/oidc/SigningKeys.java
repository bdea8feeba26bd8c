package dev.jubal.platform.oidc;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's public keys. A key nobody knows yet makes it ask again, at most every ten seconds,
 * so that a rotation is followed at once and forged tokens do not become requests. Thread-safe.
 */
final class SigningKeys {
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Supplier<Issuer.Answer> ask;
  private final InstantSource now;
  private volatile @Nullable Known known;

  private record Known(JWKSet keys, Instant at) {}

  SigningKeys(Supplier<Issuer.Answer> ask, InstantSource now) {
    this.ask = ask;
    this.now = now;
  }

  /** The keys that a token may be signed by. */
  List<JWK> select(JWKSelector selector) {
    Known current = known;
    Instant at = now.instant();
    if (current == null || current.at.plus(FRESH).isBefore(at)) {
      return selector.select(fetched(at).keys);
    }
    List<JWK> found = selector.select(current.keys);
    return found.isEmpty() && !current.at.plus(PAUSE).isAfter(at)
        ? selector.select(fetched(at).keys)
        : found;
  }

  private synchronized Known fetched(Instant at) {
    try {
      Known fetched = new Known(JWKSet.parse(ask.get().body().toString()), at);
      known = fetched;
      return fetched;
    } catch (ParseException e) {
      throw Issuer.unavailable("has no keys that can be read", e);
    }
  }
}
