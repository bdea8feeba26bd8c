package dev.jubal.app;

import dev.jubal.account.Gate;
import dev.jubal.account.billing.Billing;
import dev.jubal.account.enduser.EndUserPolicy;
import dev.jubal.account.enduser.EndUserRules;
import dev.jubal.account.enduser.EndUserStore;
import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.Keyring;
import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.Refusals;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.UserStore;
import dev.jubal.account.management.ManagementGate;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.api.billing.BillingFeature;
import dev.jubal.api.management.ManagementFeature;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.oidc.OidcConfig;
import dev.jubal.platform.sql.DatabaseException;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Who comes in, and what changes who does.
 *
 * @param gate of API keys
 * @param guard of every call
 * @param signIn of operators
 * @param rules what teams ask of the people behind their requests
 */
record Doors(
    Storage storage,
    InstantSource now,
    Gate gate,
    KeyGuard guard,
    EndUserRules rules,
    SignIn signIn) {

  /** Those of a server, which show themselves in its metrics. */
  static Doors open(OidcConfig oidc, Storage storage, InstantSource now, ServerMetrics metrics) {
    Keyring keyring = new Keyring(storage.keys(), now);
    Gate gate = new Gate(keyring, storage.tokens(), now);
    ManagementGate managers =
        new ManagementGate(new ManagementStore(storage.database(), now), now, keyring.refusals());
    SignIn signIn = SignIn.open(oidc, storage, now, keyring.refusals(), metrics);
    show(storage.keys(), keyring.refusals(), metrics);
    return new Doors(
        storage,
        now,
        gate,
        new KeyGuard(gate, managers, signIn),
        new EndUserRules(storage.database(), now),
        signIn);
  }

  private static void show(KeyStore keys, Refusals refusals, ServerMetrics metrics) {
    for (ApiKey.State state : ApiKey.State.values()) {
      if (state != ApiKey.State.REVOKED) {
        metrics.gauge(
            "jubal.keys",
            "API keys, by what a request with one would meet; without revoked ones.",
            () -> count(keys, state),
            "state",
            state.name().toLowerCase(Locale.ROOT));
      }
    }
    for (Refusals.Reason reason : Refusals.Reason.values()) {
      metrics.counter(
          "jubal.callers.refused",
          "Callers turned away, by reason.",
          () -> refusals.of(reason),
          "reason",
          reason.label());
    }
  }

  private static double count(KeyStore keys, ApiKey.State state) {
    try {
      return keys.counts().getOrDefault(state, 0L);
    } catch (DatabaseException e) {
      return Double.NaN; // a scrape must not fail with the database
    }
  }

  /** What holds requests against that. */
  EndUserPolicy endUsers(ServerMetrics metrics) {
    return new EndUserPolicy(
        rules,
        new EndUserStore(storage.database(), now),
        rule ->
            metrics.add(
                "jubal.enduser.refused",
                "Requests whose end user did not meet a rule of the team.",
                1,
                "rule",
                rule.kind()));
  }

  /** All routes by which operators change things. */
  void register(Catalogue catalogue, Routes routes) {
    management(catalogue).register(routes);
    billing().register(routes);
    signIn.feature().register(routes);
  }

  /** The API of bills, limits, credits and usage. */
  private BillingFeature billing() {
    return new BillingFeature(
        new Billing(storage.database(), now), new TeamStore(storage.database()));
  }

  /** The API that changes keys, teams, users and projects. */
  private ManagementFeature management(Catalogue catalogue) {
    return new ManagementFeature(
        new ManagementFeature.Parts(
            storage.keys(),
            new TeamStore(storage.database()),
            new UserStore(storage.database(), now),
            new ProjectStore(storage.database(), now),
            new EndUserStore(storage.database(), now),
            rules,
            catalogue,
            now));
  }
}
