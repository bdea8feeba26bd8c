package dev.jubal.api.signin;

import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.oidc.Flow;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * A sign-in that began, as the browser keeps it in a cookie: sealed, so that no server has to
 * remember it and the browser can neither read nor change it.
 *
 * @param returnTo path to which the browser comes in the end
 * @param until when it is too late, in seconds of Unix time
 */
record Begun(Flow flow, String returnTo, long until) {
  static final Duration LONGEST = Duration.ofMinutes(10);

  private static final String OWNER = "operators";
  private static final String CONTEXT = "sign-in";

  String seal(Vault vault) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(vault.seal(OWNER, CONTEXT, Json.bytes(this)));
  }

  /** What a cookie holds; empty when it was not sealed here, or is over. */
  static Optional<Begun> open(Vault vault, String cookie, Instant at) {
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(cookie);
      Begun begun = Json.mapper().readValue(vault.open(OWNER, CONTEXT, sealed), Begun.class);
      return begun.until() > at.getEpochSecond() ? Optional.of(begun) : Optional.empty();
    } catch (IllegalArgumentException | Vault.Sealed | JacksonException e) {
      return Optional.empty();
    }
  }
}
