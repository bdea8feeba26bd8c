package dev.jubal.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * An OpenID provider on loopback that signs everybody in at once, checks what the standard has it
 * check (redirect address, PKCE, client secret, a code once), and can be told to go wrong.
 */
public final class TestIssuer implements AutoCloseable {
  public static final String CLIENT = "jubal client";
  public static final String SECRET = "s3cret:/+ x";

  /** What goes wrong. */
  public static final class Faults {
    /** Changes what the ID token claims. */
    public volatile UnaryOperator<JWTClaimsSet.Builder> claims = c -> c;

    /** Signs by nothing. */
    public volatile boolean unsigned;

    /** Signs by a key that it never shows. */
    public volatile boolean foreignKey;

    /** Answers 500 to everything. */
    public volatile boolean down;

    /** Calls itself by another name. */
    public volatile boolean otherName;

    /** Says of somebody else what it says elsewhere. */
    public volatile boolean otherPerson;
  }

  private final HttpServer http;
  private final InstantSource now;
  private final Faults faults = new Faults();
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile RSAKey key = fresh();
  private volatile List<String> groups = List.of("ops");
  private volatile boolean groupsElsewhere;

  public TestIssuer(InstantSource now) {
    this.now = now;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::answer);
    http.start();
  }

  private static RSAKey fresh() {
    try {
      return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its name. */
  public String name() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  public Faults faults() {
    return faults;
  }

  /** From now on another key signs, and the one before is shown no more. */
  public void rotate() {
    key = fresh();
  }

  /** What everybody is a member of. */
  public void groups(List<String> all) {
    groups = all;
  }

  /** Whether that is told at the user info endpoint alone. */
  public void groupsElsewhere(boolean elsewhere) {
    groupsElsewhere = elsewhere;
  }

  /** How often its keys were asked for. */
  public int keysAsked() {
    return asked.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (faults.down) {
        send(exchange, 500, Map.of());
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/.well-known/openid-configuration" -> send(exchange, 200, discovery());
        case "/authorize" -> authorize(exchange);
        case "/token" -> token(exchange);
        case "/keys" -> {
          asked.incrementAndGet();
          send(exchange, 200, new JWKSet(key.toPublicJWK()).toJSONObject());
        }
        case "/me" ->
            send(
                exchange,
                200,
                Map.of("sub", faults.otherPerson ? "somebody" : "anna-1", "groups", groups));
        default -> send(exchange, 404, Map.of());
      }
    } catch (RuntimeException | JOSEException | GeneralSecurityException e) {
      send(exchange, 500, Map.of("error", String.valueOf(e)));
    }
  }

  private Map<String, Object> discovery() {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("issuer", faults.otherName ? name() + "/other" : name());
    said.put("authorization_endpoint", name() + "/authorize");
    said.put("token_endpoint", name() + "/token");
    said.put("jwks_uri", name() + "/keys");
    said.put("userinfo_endpoint", name() + "/me");
    said.put("id_token_signing_alg_values_supported", List.of("RS256", "none"));
    said.put("authorization_response_iss_parameter_supported", true);
    return said;
  }

  /** Signs in whoever comes, and sends them back. */
  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
    if (!"S256".equals(query.get("code_challenge_method"))
        || !CLIENT.equals(query.get("client_id"))) {
      send(exchange, 400, Map.of("error", "invalid_request"));
      return;
    }
    String code = UUID.randomUUID().toString();
    codes.put(code, query);
    exchange
        .getResponseHeaders()
        .add(
            "location",
            query.get("redirect_uri")
                + "?code="
                + code
                + "&state="
                + query.get("state")
                + "&iss="
                + name());
    exchange.sendResponseHeaders(302, -1);
  }

  private void token(HttpExchange exchange)
      throws IOException, JOSEException, GeneralSecurityException {
    Map<String, String> form =
        form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Map<String, String> asked = codes.remove(String.valueOf(form.get("code")));
    String basic =
        Base64.getEncoder()
            .encodeToString("jubal+client:s3cret%3A%2F%2B+x".getBytes(StandardCharsets.US_ASCII));
    if (!("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("authorization"))) {
      send(exchange, 401, Map.of("error", "invalid_client"));
      return;
    }
    if (asked == null
        || !Objects.equals(asked.get("redirect_uri"), form.get("redirect_uri"))
        || !Objects.equals(
            asked.get("code_challenge"), challenge(String.valueOf(form.get("code_verifier"))))) {
      send(exchange, 400, Map.of("error", "invalid_grant"));
      return;
    }
    send(
        exchange,
        200,
        Map.of(
            "access_token",
            "access",
            "token_type",
            "Bearer",
            "id_token",
            idToken(String.valueOf(asked.get("nonce")))));
  }

  private static String challenge(String verifier) throws GeneralSecurityException {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private String idToken(String nonce) throws JOSEException {
    Instant at = now.instant();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(name())
            .subject("anna-1")
            .audience(CLIENT)
            .issueTime(Date.from(at))
            .expirationTime(Date.from(at.plusSeconds(60)))
            .claim("nonce", nonce)
            .claim("email", "anna@example.com");
    if (!groupsElsewhere) {
      claims.claim("groups", groups);
    }
    JWTClaimsSet all = faults.claims.apply(claims).build();
    if (faults.unsigned) {
      return new PlainJWT(all).serialize();
    }
    RSAKey signing = faults.foreignKey ? fresh() : key;
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), all);
    token.sign(new RSASSASigner(signing));
    return token.serialize();
  }

  private static Map<String, String> form(String text) {
    Map<String, String> form = new HashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      form.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return form;
  }

  private static void send(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = Json.bytes(body);
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
