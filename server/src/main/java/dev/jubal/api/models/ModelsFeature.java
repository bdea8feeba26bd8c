package dev.jubal.api.models;

import dev.jubal.account.Principal;
import dev.jubal.api.Feature;
import dev.jubal.api.UsableNames;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The lists of names and one name by its id. A key sees the names it may use, each under its own
 * id, aliases too.
 */
public final class ModelsFeature implements Feature {
  private static final List<Model.Kind> ANY = Arrays.asList(Model.Kind.values());
  private static final List<Model.Kind> LANGUAGE = List.of(Model.Kind.LANGUAGE);
  private static final List<Model.Kind> EMBEDDING = List.of(Model.Kind.EMBEDDING);

  private final Catalogue catalogue;
  private final Function<Model, Backend.Weights> weights;
  private final InstantSource now;

  /**
   * Lists a catalogue.
   *
   * @param weights what stands behind a row; a failure of it leaves the facts out of the answer
   */
  public ModelsFeature(
      Catalogue catalogue, Function<Model, Backend.Weights> weights, InstantSource now) {
    this.catalogue = catalogue;
    this.weights = weights;
    this.now = now;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.get("/v1/models")
            .access(Access.KEY, "models")
            .summary("Lists every name this key may use, aliases under their own id.")
            .gives(ModelsWire.ModelList.class)
            .handle((call, out) -> out.json(200, new ModelsWire.ModelList(list(call, ANY)))));
    one(routes, "/v1/models", ANY);
    byKind(routes, "/v1/language-models", "language", LANGUAGE);
    byKind(routes, "/v1/embedding-models", "embedding", EMBEDDING);
    // no model makes pictures or videos yet; the lists exist so that clients can ask
    byKind(routes, "/v1/image-generation-models", "image", List.of());
    byKind(routes, "/v1/video-generation-models", "video", List.of());
  }

  private void byKind(Routes routes, String path, String noun, List<Model.Kind> kinds) {
    routes.add(
        Route.get(path)
            .access(Access.KEY, "models")
            .summary("Lists the " + noun + " models this key may use.")
            .gives(ModelsWire.Models.class)
            .handle((call, out) -> out.json(200, new ModelsWire.Models(list(call, kinds)))));
    one(routes, path, kinds);
  }

  private void one(Routes routes, String path, List<Model.Kind> kinds) {
    routes.add(
        Route.get(path + "/{id}")
            .access(Access.KEY, "models")
            .summary("Describes one name or alias.")
            .gives(ModelsWire.Model.class)
            .handle((call, out) -> get(call, out, kinds)));
  }

  private List<ModelsWire.Model> list(Call call, List<Model.Kind> kinds) {
    Principal caller = call.caller(Principal.class);
    Map<String, Optional<Backend.Weights>> known = new HashMap<>();
    List<ModelsWire.Model> found = new ArrayList<>();
    for (Model row : catalogue.models()) {
      if (kinds.contains(row.kind())) {
        Optional<Backend.Weights> behind =
            known.computeIfAbsent(row.backend() + "/" + row.target(), k -> behind(row));
        UsableNames names = UsableNames.of(row, caller);
        for (String name : names.all()) {
          found.add(ModelsEncoder.model(name, names.aliases(), row, behind, now.instant()));
        }
      }
    }
    return found;
  }

  private void get(Call call, Exchange out, List<Model.Kind> kinds) {
    Principal caller = call.caller(Principal.class);
    String id = call.param("id");
    Model row =
        catalogue
            .find(id)
            .filter(m -> kinds.contains(m.kind()))
            .orElseThrow(() -> catalogue.unknown(id, kinds, caller));
    catalogue.resolve(id, row.kind(), caller); // refuses a name the key has no row for
    List<String> aliases = UsableNames.of(row, caller).aliases();
    out.json(200, ModelsEncoder.model(id, aliases, row, behind(row), now.instant()));
  }

  private Optional<Backend.Weights> behind(Model row) {
    try {
      return Optional.of(weights.apply(row));
    } catch (BackendFailure | ApiException e) {
      return Optional.empty(); // the list still answers while a backend is down
    }
  }
}
