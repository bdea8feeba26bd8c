package dev.jubal.platform.oidc;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What an issuer says of itself (OpenID Connect Discovery 1.0).
 *
 * @param userinfo where more is said of somebody
 * @param algorithms by which it signs ID tokens
 * @param basic whether the secret may go in the Authorization header
 * @param namesItself whether a browser comes back with its name (RFC 9207)
 */
record Discovery(
    String authorization,
    String token,
    String keys,
    Optional<String> userinfo,
    List<String> algorithms,
    boolean basic,
    boolean namesItself) {
  private static final String PATH = "/.well-known/openid-configuration";

  /** Where it says so. */
  static String address(String issuer) {
    return issuer.replaceAll("/+$", "") + PATH;
  }

  /**
   * Reads it.
   *
   * @throws dev.jubal.platform.error.ApiException 503 when it is another issuer's, or not whole
   */
  static Discovery of(String issuer, Issuer.Answer said) {
    if (!issuer.equals(said.text("issuer"))) {
      throw Issuer.unavailable(
          "calls itself \"" + said.text("issuer") + "\" (expected: " + issuer + ")", null);
    }
    List<String> methods = texts(said.body().path("token_endpoint_auth_methods_supported"));
    return new Discovery(
        endpoint(issuer, said, "authorization_endpoint"),
        endpoint(issuer, said, "token_endpoint"),
        endpoint(issuer, said, "jwks_uri"),
        said.text("userinfo_endpoint") == null
            ? Optional.empty()
            : Optional.of(endpoint(issuer, said, "userinfo_endpoint")),
        texts(said.body().path("id_token_signing_alg_values_supported")),
        methods.isEmpty() || methods.contains("client_secret_basic"),
        said.body().path("authorization_response_iss_parameter_supported").asBoolean(false));
  }

  /** Such as the issuer itself: https, or plain where the issuer is. */
  private static String endpoint(String issuer, Issuer.Answer said, String name) {
    String address = said.text(name);
    if (address == null
        || !(web("https", address) || (issuer.startsWith("http://") && web("http", address)))) {
      throw Issuer.unavailable("gives as its " + name + " \"" + address + "\"", null);
    }
    return address;
  }

  private static boolean web(String scheme, String address) {
    try {
      URI uri = URI.create(address);
      return scheme.equals(uri.getScheme()) && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The texts of a list, or a single one. */
  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    if (list.isString()) {
      texts.add(list.stringValue());
    }
    list.forEach(
        entry -> {
          if (entry.isString()) {
            texts.add(entry.stringValue());
          }
        });
    return List.copyOf(texts);
  }
}
