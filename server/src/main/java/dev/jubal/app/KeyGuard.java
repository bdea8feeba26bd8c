package dev.jubal.app;

import dev.jubal.account.Gate;
import dev.jubal.account.Principal;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Guard;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Station 2: the key of a call, from either header, before the gate. */
final class KeyGuard implements Guard {
  private static final String BEARER = "bearer ";

  private final Gate gate;

  KeyGuard(Gate gate) {
    this.gate = gate;
  }

  @Override
  public @Nullable Object admit(Call call) {
    if (call.route().access() == Access.PUBLIC) {
      return null;
    }
    Principal caller = gate.authenticate(secret(call));
    if (call.route().access() == Access.ENDPOINT) {
      gate.allow(caller, call.route().endpoint());
    }
    return caller;
  }

  /** Older Anthropic clients send x-api-key, all others a bearer token. */
  private static Optional<String> secret(Call call) {
    return call.header("authorization")
        .map(
            h ->
                h.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? h.substring(BEARER.length())
                    : h)
        .or(() -> call.header("x-api-key"));
  }
}
