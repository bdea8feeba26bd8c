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
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.browser.Subprotocols;
import dev.jubal.platform.trace.Trace;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Station 2: the key of a call, from either header, before the gate of its kind. */
final class KeyGuard implements Guard, RpcGuard {
  private static final String BEARER = "bearer ";

  private final Gate gate;
  private final ManagementGate managers;
  private final SignIn signIn;

  KeyGuard(Gate gate, ManagementGate managers, SignIn signIn) {
    this.gate = gate;
    this.managers = managers;
    this.signIn = signIn;
  }

  @Override
  public @Nullable Object admit(Call call) {
    Route route = call.route();
    return told(
        route.access().management()
            ? manager(route, call::header)
            : admit(route.access(), route.endpoint(), call::header));
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
      case SELF -> checked(gate.identify(apiKey(secret(header), endpoint)), header);
      case KEY -> caller(endpoint, header);
      case ENDPOINT -> {
        Principal caller = caller(endpoint, header);
        gate.allow(caller, endpoint);
        yield caller;
      }
      case OWNER -> owner(endpoint, header);
      case OWNER_ENDPOINT -> {
        Principal caller = owner(endpoint, header);
        gate.allow(caller, endpoint);
        yield caller;
      }
      case MANAGEMENT_KEY, MANAGEMENT ->
          throw new IllegalStateException(endpoint + " takes management keys over gRPC");
    };
  }

  private Principal caller(String endpoint, Function<String, Optional<String>> header) {
    return checked(gate.authenticate(apiKey(secret(header), endpoint)), header);
  }

  private Principal owner(String endpoint, Function<String, Optional<String>> header) {
    Principal caller = caller(endpoint, header);
    gate.checkOwner(caller, endpoint);
    return caller;
  }

  private Principal checked(Principal caller, Function<String, Optional<String>> header) {
    gate.checkOrigin(caller, header.apply("origin"));
    return caller;
  }

  @Override
  public Object owner(Object caller) {
    return caller instanceof Principal principal ? principal.keyId() : caller;
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

  private Manager manager(Route route, Function<String, Optional<String>> header) {
    Manager caller = known(route, header);
    if (route.access() == Access.MANAGEMENT) {
      managers.allow(caller, route.endpoint());
    }
    return caller;
  }

  /** By a key that was sent, else by a session: what a request says aloud counts first. */
  private Manager known(Route route, Function<String, Optional<String>> header) {
    Optional<String> secret = secret(header);
    if (secret.isPresent()) {
      return manager(secret, route.endpoint());
    }
    return signIn
        .caller(header, route.method().equals("GET"))
        .orElseGet(() -> manager(secret, route.endpoint()));
  }

  private Manager manager(Optional<String> secret, String endpoint) {
    Optional<String> own = secret.filter(SecretText::isManagement);
    if (own.isPresent()) {
      return managers.authenticate(own.get());
    }
    Principal other = gate.authenticate(secret);
    gate.checkOwner(other, endpoint);
    throw managers.notAManagementKey(other.redactedKey(), endpoint);
  }

  /**
   * Older Anthropic clients send x-api-key, pages that open a WebSocket can set nothing but
   * subprotocols, all others send a bearer token.
   */
  private static Optional<String> secret(Function<String, Optional<String>> header) {
    return header
        .apply("authorization")
        .map(
            h ->
                h.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? h.substring(BEARER.length())
                    : h)
        .or(() -> header.apply("x-api-key"))
        .or(() -> header.apply("sec-websocket-protocol").flatMap(Subprotocols::secret))
        .map(String::strip);
  }
}
