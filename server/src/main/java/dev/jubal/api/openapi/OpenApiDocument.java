package dev.jubal.api.openapi;

import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Routes as an OpenAPI 3.1 document. */
public final class OpenApiDocument {
  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");
  private static final String RESPONSES = "#/components/responses/";

  private final Schemas schemas = new Schemas();
  private final RequestSchema requests = new RequestSchema(schemas);
  private final ResponseSchema answers = new ResponseSchema(schemas);
  private final ObjectNode errors = Json.mapper().createObjectNode();

  private OpenApiDocument() {}

  /**
   * Describes some routes of a server of some version.
   *
   * @param errors the form of errors of the routes that have none of their own
   */
  public static ObjectNode of(List<Route> routes, String version, ErrorRenderer errors) {
    return new OpenApiDocument().make(routes, version, errors);
  }

  private ObjectNode make(List<Route> routes, String version, ErrorRenderer form) {
    ObjectNode document = Json.mapper().createObjectNode().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Jubal")
        .put("version", version)
        .put(
            "description",
            "A self-hosted server that speaks the Grok API. Not affiliated with xAI.")
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    String standard = error(form);
    ObjectNode paths = document.putObject("paths");
    for (Route route : routes) {
      ObjectNode path = paths.withObjectProperty(route.path());
      path.set(route.method().toLowerCase(Locale.ROOT), operation(route, standard));
    }
    ObjectNode components = document.putObject("components");
    components.set("responses", errors);
    components.set("schemas", schemas.all());
    ObjectNode schemes = components.putObject("securitySchemes");
    schemes.putObject("key").put("type", "http").put("scheme", "bearer");
    schemes
        .putObject("management_key")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("description", "A management key, xai-token-...; API keys are refused.");
    document.putArray("security").addObject().putArray("key");
    return document;
  }

  private ObjectNode operation(Route route, String standard) {
    ObjectNode operation = Json.mapper().createObjectNode();
    operation.put("operationId", operationId(route)).put("summary", route.summary());
    operation.putArray("tags").add(route.endpoint());
    operation.put("x-jubal-metered", route.metered());
    operation.put("x-jubal-access", route.access().name().toLowerCase(Locale.ROOT));
    if (route.access() == Access.PUBLIC) {
      operation.putArray("security");
    } else if (route.access().management()) {
      operation.putArray("security").addObject().putArray("management_key");
    }
    parameters(operation, route);
    if (route.request() != null) {
      ObjectNode body = operation.putObject("requestBody").put("required", true);
      content(body, "application/json").set("schema", requests.of(route.request()));
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode ok = responses.putObject("200").put("description", "The answer.");
    route.responses().forEach((type, records) -> content(ok, type).set("schema", answer(records)));
    if (route.pending()) {
      responses.putObject("202").put("description", "There is no answer yet.");
    }
    ErrorRenderer own = route.errors();
    responses.putObject("default").put("$ref", own == null ? standard : error(own));
    return operation;
  }

  /** A reference to the answer that is an error of some form; described once. */
  private String error(ErrorRenderer form) {
    String name = form.getClass().getSimpleName().replaceAll("s$", "");
    if (!errors.has(name)) {
      ObjectNode error = errors.putObject(name);
      error.put("description", "An error; what each code means is in the reference of errors.");
      content(error, "application/json").set("schema", answers.of(form.form()));
    }
    return RESPONSES + name;
  }

  private static String operationId(Route route) {
    String path = route.path().replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", "");
    return route.method().toLowerCase(Locale.ROOT) + path;
  }

  private static void parameters(ObjectNode operation, Route route) {
    Matcher names = PARAMETER.matcher(route.path());
    ArrayNode parameters = Json.mapper().createArrayNode();
    while (names.find()) {
      parameters
          .addObject()
          .put("name", names.group(1))
          .put("in", "path")
          .put("required", true)
          .putObject("schema")
          .put("type", "string");
    }
    route
        .query()
        .forEach(
            (name, meaning) ->
                parameters
                    .addObject()
                    .put("name", name)
                    .put("in", "query")
                    .put("description", meaning)
                    .putObject("schema")
                    .put("type", "string"));
    if (!parameters.isEmpty()) {
      operation.set("parameters", parameters);
    }
  }

  private ObjectNode answer(List<Class<?>> records) {
    if (records.size() == 1) {
      return answers.of(records.getFirst());
    }
    ObjectNode either = Json.mapper().createObjectNode();
    ArrayNode any = either.putArray("anyOf");
    records.forEach(r -> any.add(answers.of(r)));
    return either;
  }

  private static ObjectNode content(ObjectNode holder, String type) {
    return holder.withObjectProperty("content").withObjectProperty(type);
  }
}
