package dev.jubal.api.management;

import dev.jubal.account.enduser.EndUserRules;
import dev.jubal.account.enduser.EndUserStore;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.UserStore;
import dev.jubal.api.Feature;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.platform.http.Routes;
import java.time.InstantSource;

/** The routes below {@code /auth}. */
public final class ManagementFeature implements Feature {
  private final Parts parts;

  /** What it manages. */
  public record Parts(
      KeyStore keys,
      TeamStore teams,
      UserStore users,
      ProjectStore projects,
      EndUserStore endUsers,
      EndUserRules rules,
      Catalogue catalogue,
      InstantSource now) {}

  public ManagementFeature(Parts parts) {
    this.parts = parts;
  }

  @Override
  public void register(Routes routes) {
    Places places = new Places(parts.teams());
    new KeyRoutes(parts.keys(), places, parts.now()).register(routes);
    new TeamRoutes(parts, places).register(routes);
    new EndUserRoutes(parts.endUsers(), places, parts.now()).register(routes);
    new RuleRoutes(parts.rules(), places).register(routes);
    new LookUpRoutes(parts.catalogue(), places).register(routes);
  }
}
