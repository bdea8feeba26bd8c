package dev.jubal.api.management;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Golden conversations with the management API, a file each: a line {@code > METHOD PATH} begins a
 * call, the lines after it are its body, {@code < STATUS} begins its answer. What is drawn by
 * chance, ids and secrets, is numbered by its first appearance, and may be used in calls by that
 * name. {@code {team}} is the first team's id, {@code {key}} that of the first key.
 *
 * <p>{@code -Djubal.transcripts=write} writes what was answered.
 */
final class ManagementTranscriptTest {
  private static final Path FOLDER = Path.of("src/test/resources/management");
  private static final Pattern DRAWN =
      Pattern.compile(
          "xai-(?:token-)?[0-9A-Za-z]{80}|xai-(?:token-)?\\.\\.\\.[0-9A-Za-z]{4}"
              + "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  @TestFactory
  Stream<DynamicTest> theAnswersAreTheGoldenOnes() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(FOLDER)) {
      files = all.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
    }
    return files.stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> play(f)));
  }

  /** A call of a file. */
  private record Asked(String method, String path, String body) {}

  private static List<Asked> asked(String text) {
    List<Asked> all = new ArrayList<>();
    for (String part : text.split("(?m)^> ", -1)) {
      if (!part.isBlank()) {
        String call = part.split("(?m)^< ", -1)[0];
        String[] lines = call.split("\n", 2);
        String[] head = lines[0].strip().split(" ", 2);
        all.add(new Asked(head[0], head[1], lines.length > 1 ? lines[1].strip() : ""));
      }
    }
    return all;
  }

  private static void play(Path file) throws Exception {
    String golden = Files.readString(file);
    StringBuilder played = new StringBuilder();
    try (JubalServer server =
        JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}")) {
      Http manager = server.http(server.managementKey(Optional.empty(), "*"));
      OpenApiCheck openApi = OpenApiCheck.of(server.http());
      Names names = new Names();
      names.know("{team}", text(server.http().get("/v1/me"), "team_id"));
      names.know("{key}", text(server.http().get("/v1/api-key"), "api_key_id"));
      names.know("{user}", text(server.http().get("/v1/me"), "user_id"));
      for (Asked a : asked(golden)) {
        String path = names.real(a.path);
        HttpResponse<String> answer = send(manager, a.method, path, names.real(a.body));
        openApi.check(a.method, path.replaceAll("\\?.*", ""), answer);
        played.append("> ").append(a.method).append(' ').append(a.path).append('\n');
        played.append(a.body).append(a.body.isEmpty() ? "" : "\n");
        played.append("< ").append(answer.statusCode()).append('\n');
        played.append(names.shown(answer.body())).append("\n\n");
      }
    }
    if (System.getProperty("jubal.transcripts", "").equals("write")) {
      Files.writeString(file, played);
    }
    assertEquals(golden.strip(), played.toString().strip());
  }

  private static String text(HttpResponse<String> answer, String field) {
    Matcher found = Pattern.compile("\"" + field + "\":\"([^\"]*)\"").matcher(answer.body());
    if (!found.find()) {
      throw new AssertionError(answer.body());
    }
    return found.group(1);
  }

  private static HttpResponse<String> send(Http http, String method, String path, String body)
      throws Exception {
    return switch (method) {
      case "GET" -> http.get(path);
      case "POST" -> http.post(path, body);
      case "PUT" -> http.put(path, body);
      case "DELETE" -> http.delete(path);
      default -> throw new AssertionError(method);
    };
  }

  /** What stands for what was drawn. */
  private static final class Names {
    private final Map<String, String> byReal = new LinkedHashMap<>();
    private int next = 1;

    void know(String name, String real) {
      byReal.put(real, name);
    }

    String real(String text) {
      String all = text;
      for (Map.Entry<String, String> e : byReal.entrySet()) {
        all = all.replace(e.getValue(), e.getKey());
      }
      return all;
    }

    String shown(String text) {
      return DRAWN
          .matcher(text)
          .replaceAll(
              m ->
                  Matcher.quoteReplacement(
                      byReal.computeIfAbsent(m.group(), real -> "{" + next++ + "}")));
    }
  }
}
