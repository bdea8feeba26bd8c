package dev.jubal.api.openapi;

import dev.jubal.api.Feature;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The endpoint of the description; it is made at the first call, when all routes are known. */
public final class OpenApiFeature implements Feature {
  private final String version;
  private final ErrorRenderer errors;
  private volatile @Nullable ObjectNode document;

  /**
   * Describes the routes of a server of that version.
   *
   * @param errors the form of errors of the routes that have none of their own
   */
  public OpenApiFeature(String version, ErrorRenderer errors) {
    this.version = version;
    this.errors = errors;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.get("/openapi.json")
            .access(Access.PUBLIC, "openapi")
            .summary("Describes every route of this server (OpenAPI 3.1).")
            .gives(ObjectNode.class)
            .handle((call, out) -> out.json(200, document(routes))));
  }

  private ObjectNode document(Routes routes) {
    ObjectNode made = document;
    if (made == null) {
      made = OpenApiDocument.of(routes.all(), version, errors);
      document = made;
    }
    return made;
  }
}
