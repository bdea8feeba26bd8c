package dev.jubal.inference.catalogue;

import dev.jubal.account.ledger.Price;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;

/**
 * Makes the {@link Catalogue}: the rows of {@code catalogue.json}, the models of this machine, and
 * where the operator points names.
 */
public final class CatalogueLoader {
  private static final String RESOURCE = "/catalogue.json";

  private CatalogueLoader() {}

  /**
   * What a start may change.
   *
   * @param aliases whether the names of the Grok API are offered at all
   * @param target the local model that language names point to, empty for the catalogue's own
   * @param backend the backend of every language row, such as scripted; empty for each row's own
   * @param local models that were pulled to this machine
   * @param routes names an operator points elsewhere
   * @param defaults whether requests that say nothing get the weights' defaults
   */
  public record Options(
      boolean aliases,
      Optional<String> target,
      Optional<String> backend,
      List<LocalModel> local,
      Map<String, Destination> routes,
      boolean defaults) {
    public static final Options STANDARD =
        new Options(true, Optional.empty(), Optional.empty(), List.of(), Map.of(), true);

    public Options {
      local = List.copyOf(local);
      routes = Map.copyOf(routes);
    }

    public Options withAliases(boolean on) {
      return new Options(on, target, backend, local, routes, defaults);
    }

    /** Every language row answered by one backend: what tests and benchmarks run on. */
    public Options withBackend(String name) {
      return new Options(aliases, target, Optional.of(name), local, routes, defaults);
    }

    public Options withTarget(String model) {
      return new Options(aliases, Optional.of(model), backend, local, routes, defaults);
    }

    public Options withLocal(List<LocalModel> models) {
      return new Options(aliases, target, backend, models, routes, defaults);
    }

    public Options withDefaults(boolean on) {
      return new Options(aliases, target, backend, local, routes, on);
    }

    public Options withRoutes(Map<String, Destination> names) {
      return new Options(aliases, target, backend, local, names, defaults);
    }
  }

  /** Where a name points: a kind of backend, and the weights' name within it. */
  public record Destination(String backend, String target) {}

  /**
   * A language model on this machine's disk that the catalogue does not know; free of charge.
   *
   * @param contextTokens what its file says
   * @param created when it was pulled
   * @param thinks whether it learned to think before it answers
   */
  public record LocalModel(
      String id,
      long contextTokens,
      String ownedBy,
      Instant created,
      Model.Defaults defaults,
      boolean thinks) {
    private static final Model.Rules THINKS =
        new Model.Rules(
            true,
            List.of(),
            List.of("none", "low", "medium", "high", "xhigh"),
            Optional.of("medium"));

    private Model.Rules rules() {
      return thinks ? THINKS : Model.Rules.FREE;
    }
  }

  /**
   * Reads the catalogue that ships with the server.
   *
   * @throws ConfigException when an option names what does not exist
   * @throws IllegalArgumentException when the file is wrong, with the row and the field
   */
  public static Catalogue load(Options options) {
    try (InputStream in = CatalogueLoader.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + RESOURCE);
      }
      return load(in.readAllBytes(), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Catalogue load(byte[] json, Options options) {
    CatalogueFile file = parse(json);
    Map<String, Model> weights = weights(file, options);
    List<Model> models = new ArrayList<>(weights.values());
    Set<String> dropped = new LinkedHashSet<>();
    for (CatalogueFile.Row row : file.names()) {
      if (options.aliases()) {
        models.add(name(row, weights, file.pointTo(), options));
      } else {
        dropped.add(row.id());
        dropped.addAll(row.aliases());
      }
    }
    return new Catalogue(
        new Redirection(models, weights, dropped).apply(options.routes()), file.toolPrices());
  }

  private static CatalogueFile parse(byte[] json) {
    try {
      return Json.mapper()
          .readerFor(CatalogueFile.class)
          .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readValue(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("catalogue: " + e.getMessage(), e);
    }
  }

  private static Map<String, Model> weights(CatalogueFile file, Options options) {
    Map<String, Model> found = new LinkedHashMap<>();
    for (CatalogueFile.Row row : file.weights()) {
      if (row.backend() == null) {
        throw new IllegalArgumentException(
            "catalogue: backend of " + row.id() + " is absent (expected: what runs it).");
      }
      String backend =
          row.kindOf() == Model.Kind.LANGUAGE
              ? options.backend().orElse(row.backend())
              : row.backend();
      found.put(
          row.id(),
          model(
              row, backend, row.id(), options.defaults() ? row.defaultsOf() : Model.Defaults.NONE));
    }
    for (LocalModel local : options.local()) {
      found.putIfAbsent(local.id(), model(local, options.backend().orElse("llama")));
    }
    return found;
  }

  private static Model name(
      CatalogueFile.Row row,
      Map<String, Model> weights,
      CatalogueFile.Pointers pointers,
      Options options) {
    Model.Kind kind = row.kindOf();
    String target = pointers.of(kind);
    if (kind == Model.Kind.LANGUAGE) {
      target = options.target().orElse(target);
    }
    Model behind = weights.get(target);
    if (behind == null || behind.kind() != kind) {
      throw new ConfigException(
          row.id()
              + " points to "
              + target
              + ", which this machine does not have (expected: one of "
              + weights.keySet()
              + ").");
    }
    return model(row, behind.backend(), target, behind.defaults());
  }

  private static Model model(
      CatalogueFile.Row row, String backend, String target, Model.Defaults defaults) {
    return new Model(
        row.id(),
        row.aliases(),
        row.kindOf(),
        row.published(),
        row.rules(),
        row.priceList(),
        backend,
        target,
        defaults);
  }

  private static Model model(LocalModel local, String backend) {
    return new Model(
        local.id(),
        List.of(),
        Model.Kind.LANGUAGE,
        new Model.Published(
            local.contextTokens(),
            Optional.empty(),
            List.of("text"),
            List.of("text"),
            local.ownedBy(),
            local.created()),
        local.rules(),
        List.of(Price.FREE),
        backend,
        local.id(),
        local.defaults());
  }
}
