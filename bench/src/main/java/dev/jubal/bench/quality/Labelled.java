package dev.jubal.bench.quality;

import dev.jubal.inference.Tools;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A prompt with the functions on offer, and the one that has to be called.
 *
 * @param heldOut whether the decision was not fitted to it; its functions are other ones, too
 * @param call empty when text has to be answered
 */
record Labelled(
    boolean heldOut, String prompt, List<Tools.Function> functions, Optional<String> call) {

  static List<Labelled> read(Path folder) throws IOException {
    Map<String, Tools.Function> functions = new HashMap<>();
    for (JsonNode f : Json.tree(Files.readAllBytes(folder.resolve("tools.json")))) {
      String name = f.path("name").asString();
      functions.put(
          name,
          new Tools.Function(
              name, f.path("description").asString(), f.path("parameters").toString()));
    }
    List<Labelled> all = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("prompts.jsonl"))) {
      JsonNode p = Json.tree(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      List<Tools.Function> offered = new ArrayList<>();
      for (JsonNode name : p.path("tools")) {
        offered.add(functions.get(name.asString()));
      }
      JsonNode call = p.path("call");
      all.add(
          new Labelled(
              p.path("split").asString().equals("test"),
              p.path("prompt").asString(),
              offered,
              call.isNull() ? Optional.empty() : Optional.of(call.asString())));
    }
    return all;
  }
}
