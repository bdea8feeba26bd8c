package dev.jubal.app.operate;

import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.CatalogueLoader.Destination;
import dev.jubal.inference.catalogue.ModelRoutes;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Where names of the catalogue point.
 *
 * @param installed the models of the data folder
 */
record RouteRows(Database database, InstantSource now, List<String> installed) implements Rows {
  @Override
  public String make(Thing route) {
    Destination to = new Destination(route.get("backend"), route.get("target"));
    if (to.backend().equals("llama") && !installed.contains(to.target())) {
      throw new ConfigException(
          "target: \""
              + to.target()
              + "\" is not installed here (expected: one of "
              + installed
              + ")");
    }
    // refuses a name the catalogue does not have, so that the next start cannot fail on it
    CatalogueLoader.load(
        CatalogueLoader.Options.STANDARD.withRoutes(Map.of(route.get("name"), to)));
    new ModelRoutes(database, now).point(route.get("name"), to);
    return route.get("name");
  }

  @Override
  public void change(Thing old, Thing next) {
    make(next);
  }

  @Override
  public void remove(Thing route) {
    new ModelRoutes(database, now).remove(route.get("name"));
  }
}
