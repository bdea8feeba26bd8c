package dev.jubal.backend.llama;

import dev.jubal.backend.llama.models.LocalModel;
import dev.jubal.backend.llama.models.LocalModels;
import dev.jubal.inference.BackendFailure;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.binding.GgufFile;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.llama.template.jinja.value.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models of a data folder as the backend wants them. A model pulled, replaced or measured while
 * the server runs is seen at its next use; an unchanged one costs one look at its card's time.
 * Thread-safe.
 */
public final class InstalledModels implements InstalledModel.Finder {
  private final LocalModels models;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  public InstalledModels(LocalModels models) {
    this.models = models;
  }

  private record Known(FileTime time, InstalledModel model) {}

  @Override
  public InstalledModel find(String name) {
    try {
      FileTime time = Files.getLastModifiedTime(models.card(name));
      Known before = known.get(name);
      if (before != null && before.time.equals(time)) {
        return before.model;
      }
      InstalledModel model = read(name);
      known.put(name, new Known(time, model));
      return model;
    } catch (IOException e) {
      known.remove(name);
      throw unavailable(name, "is not installed");
    } catch (EngineFailure e) {
      known.remove(name);
      throw unavailable(name, "is damaged: " + e.getMessage());
    }
  }

  private InstalledModel read(String name) throws IOException {
    LocalModel model =
        models.find(name).orElseThrow(() -> unavailable(name, "is damaged; see `jubal models`"));
    Path weights = models.weights(model);
    return new InstalledModel(
        model.name(), weights, model.licence(), model.contextTokens(), template(name, weights));
  }

  private static ChatTemplate template(String name, Path weights) {
    GgufFile header = GgufFile.read(weights);
    String jinja = header.template();
    if (jinja == null) {
      throw unavailable(name, "carries no chat template");
    }
    try {
      return ChatTemplate.parse(jinja, header.tokens(), Clock.system(ZoneId.systemDefault()));
    } catch (TemplateException e) {
      throw unavailable(name, "has a chat template that cannot be read: " + e.reason());
    }
  }

  private static BackendFailure unavailable(String name, String why) {
    return new BackendFailure.Unavailable(
        "The local model " + name + " " + why + " (expected: a name of `jubal models`).");
  }
}
