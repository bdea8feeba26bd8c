package dev.jubal.inference.catalogue;

import dev.jubal.inference.catalogue.CatalogueLoader.Destination;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** The rows that point names elsewhere. Read at a start. Thread-safe, and safe beside a server. */
public final class ModelRoutes {
  private final Database database;
  private final InstantSource now;

  public ModelRoutes(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /** All rows, by name. */
  public Map<String, Destination> all() {
    Map<String, Destination> routes = new TreeMap<>();
    database
        .read(
            s ->
                s.list(
                    "SELECT name, backend, target FROM model_route",
                    row ->
                        Map.entry(
                            row.text("name"),
                            new Destination(row.text("backend"), row.text("target")))))
        .forEach(e -> routes.put(e.getKey(), e.getValue()));
    return routes;
  }

  /** Points a name, whether it was pointed before or not. */
  public void point(String name, Destination to) {
    database.write(
        s -> {
          s.update("DELETE FROM model_route WHERE name = ?", name);
          return s.update(
              "INSERT INTO model_route (name, backend, target, created_us) VALUES (?, ?, ?, ?)",
              name,
              to.backend(),
              to.target(),
              now.instant());
        });
  }

  /** Gives a name back to the catalogue; returns whether it was pointed elsewhere. */
  public boolean remove(String name) {
    return database.write(s -> s.update("DELETE FROM model_route WHERE name = ?", name)) > 0;
  }
}
