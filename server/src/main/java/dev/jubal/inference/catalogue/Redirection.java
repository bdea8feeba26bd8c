package dev.jubal.inference.catalogue;

import dev.jubal.inference.catalogue.CatalogueLoader.Destination;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Points names where the operator wants them. A name that is an alias gets a row of its own by
 * that, with the figures of the row it belonged to.
 *
 * @param dropped names that exist but are not offered; a route of such a name changes nothing
 */
record Redirection(List<Model> models, Map<String, Model> weights, Set<String> dropped) {

  List<Model> apply(Map<String, Destination> routes) {
    routes.keySet().forEach(this::check);
    List<Model> all = new ArrayList<>();
    for (Model model : models) {
      List<String> kept = new ArrayList<>(model.aliases());
      kept.removeAll(routes.keySet());
      all.add(point(model, model.id(), kept, routes.get(model.id())));
      for (String alias : model.aliases()) {
        if (routes.containsKey(alias)) {
          all.add(point(model, alias, List.of(), routes.get(alias)));
        }
      }
    }
    return all;
  }

  private void check(String name) {
    List<String> known = new ArrayList<>(dropped);
    for (Model model : models) {
      known.add(model.id());
      known.addAll(model.aliases());
    }
    if (!known.contains(name)) {
      String near =
          Nearest.to(name, known, 1).stream().findFirst().map(n -> ", such as " + n).orElse("");
      throw new ConfigException(
          "The route of \""
              + name
              + "\" names no model (expected: a name of the catalogue"
              + near
              + ").");
    }
  }

  private Model point(Model row, String id, List<String> aliases, @Nullable Destination to) {
    String backend = to == null ? row.backend() : to.backend();
    String target = to == null ? row.target() : to.target();
    return new Model(
        id,
        aliases,
        row.kind(),
        row.published(),
        row.rules(),
        row.prices(),
        backend,
        target,
        to == null ? row.defaults() : defaults(to));
  }

  /** Those of the weights, when they are this machine's. */
  private Model.Defaults defaults(Destination to) {
    Model behind = weights.get(to.target());
    return behind != null && behind.backend().equals(to.backend())
        ? behind.defaults()
        : Model.Defaults.NONE;
  }
}
