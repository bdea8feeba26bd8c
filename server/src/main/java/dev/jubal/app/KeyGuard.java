package dev.jubal.app;

import dev.jubal.account.Gate;
import dev.jubal.account.Principal;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcGuard;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Guard;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Station 2: the key of a call, from either header, before the gate. */
final class KeyGuard implements Guard, RpcGuard {
  private static final String BEARER = "bearer ";

  private final Gate gate;

  KeyGuard(Gate gate) {
    this.gate = gate;
  }

  @Override
  public @Nullable Object admit(Call call) {
    return admit(call.route().access(), call.route().endpoint(), call::header);
  }

  @Override
  public @Nullable Object admit(Rpc<?, ?> rpc, Function<String, Optional<String>> header) {
    return admit(rpc.access(), rpc.endpoint(), header);
  }

  private @Nullable Object admit(
      Access access, String endpoint, Function<String, Optional<String>> header) {
    if (access == Access.PUBLIC) {
      return null;
    }
    Principal caller = gate.authenticate(secret(header));
    if (access == Access.ENDPOINT) {
      gate.allow(caller, endpoint);
    }
    return caller;
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
        .or(() -> header.apply("x-api-key"));
  }
}
