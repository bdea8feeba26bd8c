package dev.jubal.platform.oidc;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An issuer by which operators sign in. Asked for nothing before the first sign-in, so that a
 * server starts without it. Thread-safe.
 */
public final class OidcProvider implements AutoCloseable {
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final OidcConfig config;
  private final String issuer;
  private final String clientId;
  private final InstantSource now;
  private final Issuer http;
  private final SigningKeys keys;
  private final IdTokens tokens;
  private volatile @Nullable Found found;

  private record Found(Discovery discovery, Instant at) {}

  private OidcProvider(OidcConfig config, String issuer, InstantSource now) {
    this.config = config;
    this.issuer = issuer;
    this.clientId = config.clientId().orElseThrow();
    this.now = now;
    this.http = new Issuer(config.timeout());
    this.keys = new SigningKeys(() -> http.get(discovery().keys()), now);
    this.tokens = new IdTokens(issuer, clientId, config.clockSkew(), now);
  }

  /** The configured one. */
  public static Optional<OidcProvider> of(OidcConfig config, InstantSource now) {
    return config.issuer().map(issuer -> new OidcProvider(config, issuer, now));
  }

  /**
   * Where a browser goes to sign in.
   *
   * @throws ApiException 503 when the issuer is not there
   */
  public String authorization(Flow flow) {
    String address = discovery().authorization();
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", clientId);
    query.put("redirect_uri", config.callback());
    query.put("scope", config.scopes());
    query.put("state", flow.state());
    query.put("nonce", flow.nonce());
    query.put("code_challenge", flow.challenge());
    query.put("code_challenge_method", "S256");
    return address + (address.contains("?") ? "&" : "?") + form(query);
  }

  /**
   * Who came back.
   *
   * @param code what the browser brought
   * @param named the issuer's name that it brought, if any
   * @throws ApiException 401 when that is not proven, 503 when the issuer is not there
   */
  public Identity identity(String code, Optional<String> named, Flow flow) {
    Discovery discovery = discovery();
    if (named.isPresent() ? !named.get().equals(issuer) : discovery.namesItself()) {
      throw refused("came back from " + named.orElse("nobody") + " (expected: " + issuer + ")");
    }
    Issuer.Answer answer = exchange(discovery, code, flow);
    String idToken = answer.text("id_token");
    if (idToken == null) {
      throw refused("ended without an ID token");
    }
    JWTClaimsSet claims = tokens.check(idToken, flow.nonce(), keys, discovery.algorithms());
    Issuer.@Nullable Answer more = more(discovery, claims, answer.text("access_token"));
    return new Identity(issuer, claims.getSubject(), name(claims, more), groups(claims, more));
  }

  private Issuer.Answer exchange(Discovery discovery, String code, Flow flow) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", config.callback());
    form.put("code_verifier", flow.verifier());
    form.put("client_id", clientId);
    Optional<String> secret = config.clientSecret().map(Secret::reveal);
    String[] headers = {};
    if (secret.isPresent() && discovery.basic()) {
      form.remove("client_id");
      headers = new String[] {"authorization", "Basic " + basic(secret.get())};
    } else {
      secret.ifPresent(text -> form.put("client_secret", text));
    }
    Issuer.Answer answer = http.post(discovery.token(), form(form), headers);
    if (answer.status() >= 500) {
      throw Issuer.unavailable("answered " + answer.status() + " to the code", null);
    }
    if (answer.status() != 200) {
      throw refused("ended with " + answer.status() + " " + answer.text("error"));
    }
    return answer;
  }

  private String basic(String secret) {
    String both = encoded(clientId) + ":" + encoded(secret);
    return Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /** What is said of somebody elsewhere, where the ID token does not name groups. */
  private Issuer.@Nullable Answer more(
      Discovery discovery, JWTClaimsSet claims, @Nullable String access) {
    if (claims.getClaim(config.groupsClaim()) != null
        || access == null
        || discovery.userinfo().isEmpty()) {
      return null;
    }
    Issuer.Answer said = http.get(discovery.userinfo().get(), "authorization", "Bearer " + access);
    if (!claims.getSubject().equals(said.text("sub"))) {
      throw refused("told of somebody else than it was about");
    }
    return said;
  }

  private static String name(JWTClaimsSet claims, Issuer.@Nullable Answer more) {
    return Stream.of("email", "preferred_username", "name")
        .flatMap(
            claim ->
                Stream.of(
                    Optional.ofNullable(claims.getClaim(claim)).map(Object::toString),
                    Optional.ofNullable(more).map(m -> m.text(claim))))
        .flatMap(Optional::stream)
        .filter(text -> !text.isBlank() && text.length() <= 256)
        .findFirst()
        .orElse(claims.getSubject());
  }

  private List<String> groups(JWTClaimsSet claims, Issuer.@Nullable Answer more) {
    Object own = claims.getClaim(config.groupsClaim());
    if (own instanceof String one) {
      return List.of(one);
    }
    if (own instanceof List<?> many) {
      return many.stream().filter(String.class::isInstance).map(String.class::cast).toList();
    }
    return more == null ? List.of() : Discovery.texts(more.body().path(config.groupsClaim()));
  }

  private Discovery discovery() {
    Found last = found;
    Instant at = now.instant();
    if (last != null && last.at.plus(FRESH).isAfter(at)) {
      return last.discovery;
    }
    Discovery discovery = Discovery.of(issuer, http.get(Discovery.address(issuer)));
    found = new Found(discovery, at);
    return discovery;
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(f -> f.getKey() + "=" + encoded(f.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static ApiException refused(String what) {
    return new ApiException(ErrorCode.SIGN_IN_FAILED, "The sign-in was refused: it " + what + ".");
  }

  @Override
  public void close() {
    http.close();
  }
}
