package dev.jubal.bench.quality;

import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A plain prompt whose answer can be judged by a pattern.
 *
 * @param kind question, extraction or instruction
 * @param accept all of them have to be found in the answer
 */
record Question(String kind, String prompt, List<Pattern> accept) {

  static List<Question> read(Path file) throws IOException {
    List<Question> all = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode q = Json.tree(line.getBytes(StandardCharsets.UTF_8));
      List<Pattern> accept = new ArrayList<>();
      q.path("accept").forEach(p -> accept.add(Pattern.compile(p.asString())));
      all.add(new Question(q.path("kind").asString(), q.path("prompt").asString(), accept));
    }
    return all;
  }

  boolean accepts(String answer) {
    return accept.stream().allMatch(p -> p.matcher(answer).find());
  }
}
