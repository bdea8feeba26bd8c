package dev.jubal.backend.llama.models;

import dev.jubal.platform.artifact.ArtifactException;
import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.artifact.Staging;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * The models of a data folder: {@code models/<name>/} with the weights and {@code model.json}. A
 * folder appears whole, by a rename. Safe beside other processes on the same folder.
 */
public final class LocalModels {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,79}");
  private static final String CARD = "model.json";

  private final Path folder;

  public LocalModels(Path dataDir) {
    this.folder = dataDir.resolve("models");
  }

  /**
   * What a look into the folder found.
   *
   * @param damaged what stands in the way of others, each with its reason
   */
  public record Found(List<LocalModel> models, List<String> damaged) {
    public Found {
      models = List.copyOf(models);
      damaged = List.copyOf(damaged);
    }
  }

  /** All models, by name. */
  public Found all() {
    List<LocalModel> models = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    for (Path each : folders()) {
      try {
        read(each).ifPresent(models::add);
      } catch (IOException | JacksonException e) {
        damaged.add(each.resolve(CARD) + ": " + e.getMessage());
      }
    }
    return new Found(models, damaged);
  }

  /** The names of all models. */
  public List<String> names() {
    return all().models().stream().map(LocalModel::name).toList();
  }

  /** The model of a name; empty too for one that is damaged, which {@link #all} explains. */
  public Optional<LocalModel> find(String name) {
    return all().models().stream().filter(m -> m.name().equals(name)).findFirst();
  }

  /** Where the card of a model lies, or would. */
  public Path card(String name) {
    return folder.resolve(name).resolve(CARD);
  }

  /** The weights of a model. */
  public Path weights(LocalModel model) {
    return folder.resolve(model.name()).resolve(model.file());
  }

  /**
   * Checks a name.
   *
   * @throws ArtifactException {@link Kind#REFUSED}
   */
  static void named(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ArtifactException(
          Kind.REFUSED,
          "name: \""
              + name
              + "\" (expected: 1-80 small letters, digits, dots, dashes or underscores).");
    }
  }

  /** An empty folder on the same disk, to prepare a model in. The caller deletes it. */
  Path prepare() throws IOException {
    return Staging.folder(folder.resolve("any"));
  }

  /**
   * Puts a prepared folder, which holds the weights, in place; a model of that name is replaced.
   */
  void install(LocalModel model, Path prepared) throws IOException {
    named(model.name());
    Files.write(prepared.resolve(CARD), Json.bytes(model));
    Path place = folder.resolve(model.name());
    Path old = folder.resolve(".old-" + model.name());
    Staging.delete(old);
    if (Files.exists(place)) {
      Files.move(place, old);
    }
    Staging.install(prepared, place);
    Staging.delete(old);
  }

  /** Writes a model's card anew, such as after a measurement. */
  void update(LocalModel model) throws IOException {
    Path card = card(model.name());
    Path draft = card.resolveSibling(CARD + ".part");
    Files.write(draft, Json.bytes(model));
    Staging.install(draft, card);
  }

  private List<Path> folders() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> NAME.matcher(f.getFileName().toString()).matches()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  private static Optional<LocalModel> read(Path folder) throws IOException {
    Path card = folder.resolve(CARD);
    if (!Files.exists(card)) {
      return Optional.empty();
    }
    LocalModel model = Json.mapper().readValue(Files.readAllBytes(card), LocalModel.class);
    Path weights = folder.resolve(model.file());
    if (!Files.exists(weights) || Files.size(weights) != model.bytes()) {
      throw new IOException(
          weights.getFileName() + " is missing or not of " + model.bytes() + " bytes");
    }
    return Optional.of(model);
  }
}
