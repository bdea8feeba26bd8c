package dev.jubal.platform.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds ID tokens against OpenID Connect Core 1.0, 3.1.3.7: signature by a key of the issuer and an
 * asymmetric algorithm, issuer, audience, authorised party, times, nonce.
 */
final class IdTokens {
  /** Those that need no secret of ours, and never none. */
  private static final Set<JWSAlgorithm> SAFE =
      Stream.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
          .map(JWSAlgorithm::parse)
          .collect(Collectors.toUnmodifiableSet());

  private static final int MOST_SUBJECT = 255;

  private final String issuer;
  private final String clientId;
  private final Duration skew;
  private final InstantSource now;

  IdTokens(String issuer, String clientId, Duration skew, InstantSource now) {
    this.issuer = issuer;
    this.clientId = clientId;
    this.skew = skew;
    this.now = now;
  }

  /**
   * What a token claims, once it is proven.
   *
   * @param algorithms by which the issuer signs; empty for RS256, as the standard has it
   * @throws ApiException 401 that says what is wrong
   */
  JWTClaimsSet check(String token, String nonce, SigningKeys keys, List<String> algorithms) {
    JWTClaimsSet claims = signed(token, keys, algorithms);
    claim("iss", issuer, claims.getIssuer());
    if (!claims.getAudience().contains(clientId)) {
      throw wrong("is for " + claims.getAudience() + " (expected: " + clientId + ")");
    }
    Object party = claims.getClaim("azp");
    if (claims.getAudience().size() > 1 || party != null) {
      claim("azp", clientId, party);
    }
    times(claims);
    claim("nonce", nonce, claims.getClaim("nonce"));
    String subject = claims.getSubject();
    if (subject == null || subject.isEmpty() || subject.length() > MOST_SUBJECT) {
      throw wrong("names nobody (expected: sub, 1-255 characters)");
    }
    return claims;
  }

  private JWTClaimsSet signed(String token, SigningKeys keys, List<String> algorithms) {
    Set<JWSAlgorithm> allowed =
        algorithms.isEmpty()
            ? Set.of(JWSAlgorithm.RS256)
            : SAFE.stream()
                .filter(a -> algorithms.contains(a.getName()))
                .collect(Collectors.toUnmodifiableSet());
    if (allowed.isEmpty()) {
      throw Issuer.unavailable(
          "signs by " + algorithms + " alone (expected: one of " + SAFE + ")", null);
    }
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(allowed, (selector, _) -> keys.select(selector)));
    processor.setJWTClaimsSetVerifier(null); // ours follows, by a clock that can be set
    try {
      return processor.process(token, null);
    } catch (ParseException e) {
      throw wrong("cannot be read");
    } catch (BadJOSEException | JOSEException e) {
      throw wrong("is not signed by the issuer (" + e.getMessage() + ")");
    }
  }

  private static void claim(String name, String expected, @Nullable Object found) {
    if (!expected.equals(found)) {
      throw wrong("has another " + name + " than the one expected");
    }
  }

  private void times(JWTClaimsSet claims) {
    Instant at = now.instant();
    Date expires = claims.getExpirationTime();
    Date issued = claims.getIssueTime();
    Date from = claims.getNotBeforeTime();
    if (expires == null || issued == null) {
      throw wrong("does not say when it was issued and when it ends");
    }
    if (!expires.toInstant().plus(skew).isAfter(at)) {
      throw wrong("expired at " + expires.toInstant());
    }
    if (issued.toInstant().minus(skew).isAfter(at)
        || (from != null && from.toInstant().minus(skew).isAfter(at))) {
      throw wrong("is of a time to come; check the clocks, oidc.clock-skew is " + skew);
    }
  }

  private static ApiException wrong(String what) {
    return new ApiException(
        ErrorCode.SIGN_IN_FAILED, "The sign-in was refused: the issuer's ID token " + what + ".");
  }
}
