package dev.jubal.inference.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.inference.catalogue.CatalogueLoader.Destination;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Names an operator points elsewhere outlive the process. */
@ParameterizedClass
@EnumSource(Stores.class)
class ModelRoutesTest {
  @Parameter private Stores on = Stores.SQLITE;

  @TempDir private Path folder = Path.of("");

  @Test
  void aPointedNameIsReadAgainAndCanBeGivenBack() {
    try (Database database = on.open(folder)) {
      ModelRoutes routes = new ModelRoutes(database, InstantSource.system());
      routes.point("grok-4", new Destination("llama", "first"));
      routes.point("grok-4", new Destination("llama", "second"));
    }
    try (Database database = on.open(folder)) {
      ModelRoutes routes = new ModelRoutes(database, InstantSource.system());
      assertEquals(Map.of("grok-4", new Destination("llama", "second")), routes.all());
      assertTrue(routes.remove("grok-4"));
      assertFalse(routes.remove("grok-4"));
      assertEquals(Map.of(), routes.all());
    }
  }
}
