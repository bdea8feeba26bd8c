package dev.jubal.app;

import dev.jubal.account.Gate;
import dev.jubal.account.Principal;
import dev.jubal.account.keys.SecretText;
import dev.jubal.account.management.ManagementGate;
import dev.jubal.account.management.Manager;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcGuard;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Guard;
import dev.jubal.platform.trace.Trace;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Station 2: the key of a call, from either header, before the gate of its kind. */
final class KeyGuard implements Guard, RpcGuard {
  private static final String BEARER = "bearer ";

  private final Gate gate;
  private final ManagementGate managers;

  KeyGuard(Gate gate, ManagementGate managers) {
    this.gate = gate;
    this.managers = managers;
  }

  @Override
  public @Nullable Object admit(Call call) {
    return told(admit(call.route().access(), call.route().endpoint(), call::header));
  }

  @Override
  public @Nullable Object admit(Rpc<?, ?> rpc, Function<String, Optional<String>> header) {
    return told(admit(rpc.access(), rpc.endpoint(), header));
  }

  /** The same, for whose team the call is made. */
  private static @Nullable Object told(@Nullable Object caller) {
    if (caller instanceof Principal principal) {
      Trace.current().note("team", principal.teamId());
    }
    return caller;
  }

  @Override
  public Optional<Object> atOnce(Rpc<?, ?> rpc, Function<String, Optional<String>> header) {
    boolean api = rpc.access() == Access.KEY || rpc.access() == Access.ENDPOINT;
    Optional<Principal> caller = api ? gate.hot(secret(header)) : Optional.empty();
    if (rpc.access() == Access.ENDPOINT) {
      caller.ifPresent(c -> gate.allow(c, rpc.endpoint()));
    }
    caller.ifPresent(KeyGuard::told);
    return caller.map(c -> c);
  }

  private @Nullable Object admit(
      Access access, String endpoint, Function<String, Optional<String>> header) {
    return switch (access) {
      case PUBLIC -> null;
      case SELF -> gate.identify(apiKey(secret(header), endpoint));
      case KEY -> gate.authenticate(apiKey(secret(header), endpoint));
      case ENDPOINT -> {
        Principal caller = gate.authenticate(apiKey(secret(header), endpoint));
        gate.allow(caller, endpoint);
        yield caller;
      }
      case MANAGEMENT_KEY -> manager(secret(header), endpoint);
      case MANAGEMENT -> {
        Manager caller = manager(secret(header), endpoint);
        managers.allow(caller, endpoint);
        yield caller;
      }
    };
  }

  /** The same, unless it is a valid management key's. */
  private Optional<String> apiKey(Optional<String> secret, String endpoint) {
    secret
        .filter(SecretText::isManagement)
        .ifPresent(
            text -> {
              throw managers.notAnApiKey(managers.authenticate(text), endpoint);
            });
    return secret;
  }

  private Manager manager(Optional<String> secret, String endpoint) {
    Optional<String> own = secret.filter(SecretText::isManagement);
    if (own.isPresent()) {
      return managers.authenticate(own.get());
    }
    Principal other = gate.authenticate(secret);
    throw managers.notAManagementKey(other.redactedKey(), endpoint);
  }

  /** Older Anthropic clients send x-api-key, all others a bearer token. */
  private static Optional<String> secret(Function<String, Optional<String>> header) {
    return header
        .apply("authorization")
        .map(
            h ->
                h.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? h.substring(BEARER.length())
                    : h)
        .or(() -> header.apply("x-api-key"))
        .map(String::strip);
  }
}
