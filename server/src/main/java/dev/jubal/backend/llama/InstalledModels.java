package dev.jubal.backend.llama;

import dev.jubal.backend.llama.models.LocalModel;
import dev.jubal.backend.llama.models.LocalModels;
import dev.jubal.inference.BackendFailure;
import dev.jubal.llama.gguf.GgufHeader;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.llama.template.ChatTemplates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the models of a data folder; each is looked at once and then remembered. Thread-safe. */
public final class InstalledModels implements InstalledModel.Finder {
  private final LocalModels models;
  private final Map<String, InstalledModel> known = new ConcurrentHashMap<>();

  public InstalledModels(LocalModels models) {
    this.models = models;
  }

  @Override
  public InstalledModel find(String name) {
    return known.computeIfAbsent(name, this::look);
  }

  private InstalledModel look(String name) {
    LocalModel model =
        models
            .find(name)
            .orElseThrow(
                () ->
                    new BackendFailure.Unavailable(
                        "The model "
                            + name
                            + " is not installed (expected: one of `jubal models`)."));
    Path file = models.weights(model);
    return new InstalledModel(
        name, file, model.licence(), model.contextTokens(), template(name, file));
  }

  private static ChatTemplate template(String name, Path file) {
    try {
      return GgufHeader.read(file)
          .chatTemplate()
          .flatMap(ChatTemplates::recognise)
          .orElseThrow(
              () ->
                  new BackendFailure.Unavailable(
                      "The chat template of "
                          + name
                          + " cannot be rendered exactly in this version."));
    } catch (IOException e) {
      throw new BackendFailure.Unavailable(file + " cannot be read: " + e.getMessage());
    }
  }
}
