package dev.jubal.app;

import dev.jubal.account.keys.Refusals;
import dev.jubal.account.management.Manager;
import dev.jubal.account.management.OperatorGate;
import dev.jubal.account.management.OperatorStore;
import dev.jubal.account.management.Roles;
import dev.jubal.api.signin.SignInFeature;
import dev.jubal.platform.http.browser.Cookies;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.oidc.OidcConfig;
import dev.jubal.platform.oidc.OidcProvider;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * How operators sign in.
 *
 * @param gate of who did
 * @param feature by which they do
 * @param provider who says who they are
 * @param cookies what their browsers keep
 */
record SignIn(
    OperatorGate gate, SignInFeature feature, Optional<OidcProvider> provider, Cookies cookies)
    implements AutoCloseable {
  private static final String CSRF = "x-csrf-token";

  static SignIn open(
      OidcConfig config,
      Storage storage,
      InstantSource now,
      Refusals refusals,
      ServerMetrics metrics) {
    Roles roles = config.roles().map(Roles::read).orElse(Roles.NONE);
    OperatorStore operators = new OperatorStore(storage.database(), now);
    Optional<OidcProvider> provider = OidcProvider.of(config, now);
    SignInFeature feature =
        new SignInFeature(
            new SignInFeature.Parts(
                config,
                provider,
                roles,
                operators,
                storage.portable(),
                now,
                outcome ->
                    metrics.add(
                        "jubal.sign.ins",
                        "Sign-ins of operators, by how they ended.",
                        1,
                        "outcome",
                        outcome)));
    return new SignIn(
        new OperatorGate(operators, roles, now, refusals),
        feature,
        provider,
        new Cookies(config.tls()));
  }

  /**
   * Who calls by the cookie of a session; empty without such a cookie.
   *
   * @param safe whether the request changes nothing
   * @throws dev.jubal.platform.error.ApiException 401 or 403
   */
  Optional<Manager> caller(Function<String, Optional<String>> header, boolean safe) {
    Optional<String> secret = cookies.read(SignInFeature.SESSION, header.apply("cookie"));
    Optional<Manager> caller = secret.map(gate::authenticate);
    if (!safe) {
      secret.ifPresent(s -> gate.checkProof(s, header.apply(CSRF)));
    }
    return caller;
  }

  @Override
  public void close() {
    provider.ifPresent(OidcProvider::close);
  }
}
