package dev.jubal.platform.sql;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.Await;
import dev.jubal.testing.Commands;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Postgres;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;

/**
 * Databases as a release left them, in {@code resources/frozen}: files of SQLite and statements of
 * PostgreSQL. {@link #main} makes those of today's schema, which a release that changed the schema
 * does once; they are never made again, as what later releases must take over is what lies there.
 */
final class Frozen {
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"a\",\"times\":4,\"every_ms\":1}]}]}";
  private static final String CHAT = "/v1/chat/completions";
  private static final String HI =
      "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}";

  private Frozen() {}

  /** Puts one in the place of a folder's database, or in a new one of the server. */
  static DatabaseConfig unpack(Stores on, int version, Path folder)
      throws IOException, SQLException {
    DatabaseConfig config = on.empty();
    String name = "/frozen/v" + version + ending(on) + ".gz";
    try (InputStream frozen = Frozen.class.getResourceAsStream(name);
        InputStream in = new GZIPInputStream(Objects.requireNonNull(frozen, name))) {
      if (on == Stores.SQLITE) {
        Files.copy(in, folder.resolve(SqliteFile.FILE));
      } else {
        String statements = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        try (Connection connection = Postgres.connect(config);
            Statement statement = connection.createStatement()) {
          statement.execute(statements);
        }
      }
    }
    return config;
  }

  private static String ending(Stores on) {
    return on == Stores.SQLITE ? ".db" : ".sql";
  }

  /** Freezes today's schema on both, with a little of everything; told the folder of them. */
  public static void main(String[] arguments) throws Exception {
    for (Stores on : Stores.values()) {
      try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
        Path data = server.dataFolder();
        DatabaseConfig config = on.config(data);
        operate(new Commands(data, environment(config)));
        ask(server.http());
        String name = "v" + version(on, data) + ending(on) + ".gz";
        try (var out =
            new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[0]).resolve(name)))) {
          out.write(on == Stores.SQLITE ? file(data) : statements(config));
        }
      }
    }
    System.exit(0); // the PostgreSQL ends with this process
  }

  /** Alerts want a mail server, which nobody asks here. */
  private static Map<String, String> environment(DatabaseConfig config) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "JUBAL_ALERT_SMTP_HOST", "127.0.0.1",
                "JUBAL_ALERT_SMTP_FROM", "jubal@example.com"));
    config.url().ifPresent(url -> environment.put("JUBAL_DATABASE_URL", url));
    config.user().ifPresent(user -> environment.put("JUBAL_DATABASE_USER", user));
    config
        .password()
        .ifPresent(secret -> environment.put("JUBAL_DATABASE_PASSWORD", secret.reveal()));
    return environment;
  }

  private static void operate(Commands jubal) throws IOException, InterruptedException {
    String applied =
        """
        version: 1
        teams:
          - name: default
            users: [{name: owner}]
            limits: [{scope: team, limit: requests_per_day, most: 1000}]
          - {name: other, users: [{name: ann}]}
        """;
    Path file = Files.createTempFile("jubal-frozen", ".yaml");
    try {
      Files.writeString(file, applied);
      for (String command :
          List.of(
              "apply -f " + file,
              "key create second",
              "budget set default 25 --window monthly",
              "budget set default 2 --window daily --end-user *",
              "credit add default 50 --note invoice",
              "price set grok-4 --input 3 --cached 0.75 --output 15 --from 2026-01-01"
                  + " --source contract",
              "team webhook-secret default",
              "alert set default budget --threshold 50,80,100 --email ops@example.com",
              "alert set default latency --model grok-4 --threshold 20000 --email"
                  + " ops@example.com")) {
        var _ = jubal.run(command.split(" ", -1)).ok();
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void ask(Http http) throws IOException, InterruptedException {
    ok(http.post(CHAT, HI.formatted(",\"user\":\"u1\"")));
    ok(http.post(CHAT, HI.formatted(",\"stream\":true")));
    ok(http.post("/v1/responses", "{\"model\":\"grok-4\",\"input\":\"Hi\"}"));
    ok(http.post("/v1/responses", "{\"model\":\"grok-4\",\"input\":\"Hi\",\"background\":true}"));
    JsonNode accepted =
        Json.tree(
            ok(http.post(CHAT, HI.formatted(",\"deferred\":true")))
                .getBytes(StandardCharsets.UTF_8));
    String deferred = accepted.get("request_id").stringValue();
    Await.until("the deferred answer", () -> done(http, deferred));
  }

  private static String ok(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.body());
    }
    return answer.body();
  }

  private static boolean done(Http http, String deferred) {
    try {
      return http.get("/v1/chat/deferred-completion/" + deferred).statusCode() == 200;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static long version(Stores on, Path data) {
    String newest = "SELECT MAX(CAST(version AS INTEGER)) AS n FROM flyway_schema_history";
    try (Database database = on.open(data)) {
      return database.read(s -> s.first(newest, row -> row.whole("n"))).orElseThrow();
    }
  }

  private static byte[] file(Path data) throws IOException {
    Path copy = data.resolveSibling("copy.db");
    var _ = Backups.take(data, copy);
    return Files.readAllBytes(copy);
  }

  /** Without what only psql understands. */
  private static byte[] statements(DatabaseConfig config) {
    String dumped =
        new PostgresTools(System.getenv())
            .run(
                "pg_dump",
                List.of(
                    "--inserts",
                    "--no-owner",
                    "--no-privileges",
                    "--no-comments",
                    "--dbname=" + config.url().orElseThrow().substring("jdbc:".length())),
                Map.of(
                    "PGUSER", config.user().orElseThrow(),
                    "PGPASSWORD", config.password().orElseThrow().reveal()));
    return dumped
        .lines()
        .filter(line -> !line.startsWith("\\") && !line.startsWith("--"))
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"))
        .getBytes(StandardCharsets.UTF_8);
  }
}
