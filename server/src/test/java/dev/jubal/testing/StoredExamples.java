package dev.jubal.testing;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.inference.Tools;
import dev.jubal.inference.memory.Kept;
import dev.jubal.inference.memory.MemoryConfig;
import dev.jubal.inference.memory.ResponseMemory;
import dev.jubal.inference.memory.SqlResponseMemory;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.platform.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Stored responses for transcripts: {@link #FIRST}, made by another dialect, called a function, and
 * {@link #SECOND} continues it. The tests' clock stands, so they never expire.
 */
final class StoredExamples implements AutoCloseable {
  static final String FIRST = "11111111-1111-4111-8111-111111111111";
  static final String SECOND = "22222222-2222-4222-8222-222222222222";

  private final Path folder;
  private final Database database;
  private final SqlResponseMemory memory;

  StoredExamples() {
    try {
      folder = Files.createTempDirectory("jubal-stored");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    database = Database.open(folder);
    memory =
        new SqlResponseMemory(
            database, new PlainVault(), MemoryConfig.STANDARD, () -> ScriptedServer.NOW);
  }

  Database database() {
    return database;
  }

  ResponseMemory memory() {
    return memory;
  }

  /** Only the examples are stored then. */
  void reset(Principal caller) {
    database.write(
        s ->
            s.update("DELETE FROM stored_response")
                + s.update("DELETE FROM stored_thread WHERE id <> ''"));
    memory.put(caller, first(caller.teamId()));
    memory.put(caller, second(caller.teamId()));
  }

  private static StoredResponse first(String team) {
    return response(
        FIRST,
        team,
        Optional.empty(),
        List.of(
            Kept.of(
                "msg_" + FIRST + "_in0",
                new Item.Message(
                    Role.USER,
                    List.of(
                        new Item.Part.Text("Weather where this is?"),
                        new Item.Part.Image("https://example.com/a.png", Optional.of("low")))))),
        List.of(
            Kept.of("rs_" + FIRST, new Item.Reasoning("It is Paris.")),
            Kept.of(
                "fc_" + FIRST + "_1",
                new Item.FunctionCall("call_1", "get_weather", "{\"city\":\"Paris\"}"))));
  }

  private static StoredResponse second(String team) {
    return response(
        SECOND,
        team,
        Optional.of(FIRST),
        List.of(
            Kept.of("fco_" + SECOND + "_in0", Item.FunctionCallOutput.text("call_1", "21 C")),
            new Kept(
                "cmp_1",
                List.of(Item.Message.text(Role.USER, "Summary")),
                Optional.empty(),
                Optional.of("c2VhbGVk")),
            new Kept(
                "msg_own",
                List.of(Item.Message.text(Role.ASSISTANT, "Looking.")),
                Optional.of("commentary"),
                Optional.empty())),
        List.of(Kept.of("msg_" + SECOND, Item.Message.text(Role.ASSISTANT, "It is 21 C."))));
  }

  private static StoredResponse response(
      String id, String team, Optional<String> previous, List<Kept> input, List<Kept> output) {
    return new StoredResponse(
        id,
        team,
        previous,
        StoredResponse.Status.COMPLETED,
        ScriptedServer.NOW,
        new StoredResponse.Content(
            ScriptedServer.MODEL,
            Optional.of("Be brief."),
            input,
            output,
            new Tools(
                List.of(
                    new Tools.Function(
                        "get_weather",
                        "Weather of a city",
                        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}")),
                new Tools.Choice.Auto(),
                true),
            Optional.of(new StoredResponse.Spent(Usage.of(5, 1, 3), 3400)),
            Optional.empty()));
  }

  @Override
  public void close() {
    database.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
