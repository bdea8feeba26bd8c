package dev.jubal.platform.oidc;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import dev.jubal.platform.config.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Start-up configuration of operators' sign-in. */
public record OidcConfig(
    @Key(
            doc =
                "Issuer that operators sign in by, exactly as it calls itself; empty: nobody signs"
                    + " in.")
        Optional<String> issuer,
    @Key(doc = "Under which name the issuer knows this server.") Optional<String> clientId,
    @Key(doc = "What proves that to the issuer; empty for a public client.")
        Optional<Secret> clientSecret,
    @Key(
            doc =
                "Address under which browsers reach this server, such as https://jubal.example.com;"
                    + " the issuer sends them back to /auth/oidc/callback below it.")
        Optional<String> publicUrl,
    @Key(value = "openid profile email", doc = "Scopes to ask for, separated by spaces.")
        String scopes,
    @Key(value = "groups", doc = "Claim that holds what somebody is a member of.")
        String groupsClaim,
    @Key(
            doc =
                "Which members may do what, as GROUP=ROLE separated by commas; a ROLE is admin,"
                    + " billing, viewer, or rights such as api-keys:write joined by +. Nobody else"
                    + " gets in.")
        Optional<String> roles,
    @Key(value = "/auth/oidc/me", doc = "Path to which a browser comes after the sign-in.")
        String afterLogin,
    @Key(value = "1h", doc = "How long a sign-in holds, at most 24h.") Duration session,
    @Key(value = "30s", doc = "By how much the issuer's clock may differ, at most 5m.")
        Duration clockSkew,
    @Key(value = "5s", doc = "How long the issuer may take for an answer.") Duration timeout) {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration MOST_SKEW = Duration.ofMinutes(5);

  /**
   * A configuration.
   *
   * @throws ConfigException when something is missing or unsafe
   */
  public OidcConfig {
    if (issuer.isPresent()) {
      secure("oidc.issuer", issuer.get());
      secure("oidc.public-url", needed("oidc.public-url", publicUrl));
      needed("oidc.client-id", clientId);
      needed("oidc.roles", roles);
      if (!List.of(scopes.split(" +")).contains("openid")) {
        throw new ConfigException("oidc.scopes: \"" + scopes + "\" (expected: openid among them).");
      }
    }
    between("oidc.session", session, Duration.ofMinutes(1), LONGEST);
    between("oidc.clock-skew", clockSkew, Duration.ZERO, MOST_SKEW);
    if (!localPath(afterLogin)) {
      throw new ConfigException(
          "oidc.after-login: \"" + afterLogin + "\" (expected: a path of this server).");
    }
  }

  private static void between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new ConfigException(
          name + ": " + value + " (expected: " + least + " to " + most + ").");
    }
  }

  private static String needed(String name, Optional<String> value) {
    return value.orElseThrow(
        () ->
            new ConfigException(name + " is missing (expected: a value, as oidc.issuer is set)."));
  }

  /** Codes and tokens cross the network; in plain text only to this machine. */
  private static void secure(String name, String address) {
    try {
      URI uri = URI.create(address);
      if (uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && ("https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && loopback(uri.getHost())))) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new ConfigException(
        name + ": \"" + address + "\" (expected: an https address, or http on loopback).");
  }

  private static boolean loopback(String host) {
    try {
      return host.equals("localhost")
          || (host.matches("[0-9.]+|\\[.*]") && InetAddress.getByName(host).isLoopbackAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether a text is a path of this server and of no other. */
  public static boolean localPath(String path) {
    return path.matches("/(?![/\\\\])[\\x21-\\x7e&&[^\\\\]]{0,1000}");
  }

  /** Where browsers come back to. */
  public String callback() {
    return publicUrl.orElse("").replaceAll("/+$", "") + "/auth/oidc/callback";
  }

  /** Whether browsers reach this server by TLS alone. */
  public boolean tls() {
    return publicUrl.orElse("").startsWith("https:");
  }
}
