package dev.jubal.api.management;

import dev.jubal.account.management.Manager;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.List;
import java.util.stream.Stream;

/** What a management key is, and what ACL rows may name. */
final class LookUpRoutes {
  private final Catalogue catalogue;
  private final Places places;

  LookUpRoutes(Catalogue catalogue, Places places) {
    this.catalogue = catalogue;
    this.places = places;
  }

  void register(Routes routes) {
    routes.add(
        Route.get("/auth/management-keys/validation")
            .access(Access.MANAGEMENT_KEY, "management-keys")
            .summary("Describes the management key that calls, without its secret.")
            .gives(LookUpWire.Validation.class)
            .handle(
                (call, out) ->
                    out.json(200, LookUpWire.Validation.of(call.caller(Manager.class).key()))));
    routes.add(
        Route.get("/auth/teams/{team_id}/models")
            .access(Access.MANAGEMENT, "api-keys:read")
            .summary("Lists the models that ACL rows may name.")
            .gives(LookUpWire.Models.class)
            .handle(
                (call, out) -> {
                  places.team(call);
                  out.json(200, new LookUpWire.Models(models()));
                }));
    routes.add(
        Route.get("/auth/teams/{team_id}/endpoints")
            .access(Access.MANAGEMENT, "api-keys:read")
            .summary("Lists the ACL rows about endpoints.")
            .gives(LookUpWire.Endpoints.class)
            .handle(
                (call, out) -> {
                  places.team(call);
                  out.json(200, new LookUpWire.Endpoints(endpoints(routes)));
                }));
  }

  private List<LookUpWire.Named> models() {
    return catalogue.models().stream()
        .map(m -> new LookUpWire.Named(m.id(), m.aliases(), "api-key:model:" + m.id()))
        .toList();
  }

  private static List<String> endpoints(Routes routes) {
    Stream<String> named =
        routes.all().stream()
            .filter(r -> r.access().byEndpoint())
            .map(Route::endpoint)
            .distinct()
            .sorted();
    return Stream.concat(Stream.of("*"), named).map(n -> "api-key:endpoint:" + n).toList();
  }
}
