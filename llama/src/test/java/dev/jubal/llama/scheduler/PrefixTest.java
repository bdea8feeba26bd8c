package dev.jubal.llama.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Recorder;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What prompts have in common is computed once, also after a crowd of others, and a restart. */
@Timeout(300)
final class PrefixTest {
  private static final String SYSTEM =
      "You are a careful clerk of a small library by the sea. "
          + "You answer in one short sentence and never guess. ".repeat(20);
  private static final int LONG = 150;

  @TempDir private Path folder;

  @Test
  void whatManyComeBackForOutlivesACrowdOfOthers() {
    try (Engine engine = SlotEngine.open(Artefacts.options(2, 1024))) {
      ask(engine, SYSTEM + "Where is the sea?", 4);
      for (int i = 0; i < 3; i++) {
        assertTrue(ask(engine, SYSTEM + "Who wrote book " + i + "?", 4).cached() > LONG);
      }
      for (int i = 0; i < 6; i++) {
        ask(engine, (i + " is a number nobody asked for. ").repeat(30), 4);
      }
      assertTrue(ask(engine, SYSTEM + "When do you close?", 4).cached() > LONG);
    }
  }

  @Test
  void aPrefixSurvivesARestart() throws IOException {
    String before = fill(1024);
    try (Engine engine = SlotEngine.open(options(1024))) {
      Recorder answer = ask(engine, SYSTEM + "Tell me about the weather of today.", 24);
      assertTrue(answer.cached() > LONG, "cached: " + answer.cached());
      assertEquals(before, answer.text());
    }
    for (Path file : files()) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }

  @Test
  void aDamagedFileIsPassedOverAndDeleted() throws IOException {
    fill(1024);
    for (Path file : files()) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    try (Engine engine = SlotEngine.open(options(1024))) {
      assertEquals(List.of(), files());
      assertEquals(0, ask(engine, SYSTEM + "Where is the sea?", 4).cached());
    }
  }

  @Test
  void anotherContextStartsAnew() throws IOException {
    fill(1024);
    try (Engine engine = SlotEngine.open(options(512))) {
      assertEquals(0, ask(engine, SYSTEM + "Where is the sea?", 4).cached());
    }
    assertEquals(List.of(), files());
  }

  @Test
  void oneConversationThatGoesOnIsNotWrittenDown() throws IOException {
    try (Engine engine = SlotEngine.open(options(1024))) {
      StringBuilder talk = new StringBuilder(SYSTEM);
      for (int turn = 0; turn < 5; turn++) {
        talk.append("Question ").append(turn).append(". ");
        talk.append(ask(engine, talk.toString(), 4).text());
      }
    }
    assertEquals(List.of(), files());
  }

  @Test
  void nothingIsWrittenUnlessAskedFor() throws IOException {
    try (Engine engine = SlotEngine.open(Artefacts.options(2, 1024))) {
      for (int i = 0; i < 4; i++) {
        ask(engine, SYSTEM + "Who wrote book " + i + ", of all people of this land?", 4);
      }
    }
    assertEquals(List.of(), files());
  }

  /** Has the prefix kept; returns an answer that used it. */
  private String fill(int context) throws IOException {
    try (Engine engine = SlotEngine.open(options(context))) {
      for (int i = 0; i < 4; i++) {
        String question = "Who wrote the book of " + i + " and of what did they write? ";
        ask(engine, SYSTEM + question + "I should like to know it all.", 30);
      }
      Recorder.until("a file", () -> !files().isEmpty());
      return ask(engine, SYSTEM + "Tell me about the weather of today.", 24).text();
    }
  }

  private static Recorder ask(Engine engine, String prompt, int tokens) {
    Recorder answer = new Recorder();
    engine.submit(
        new EngineRequest(
            List.of(new Segment(prompt, false)),
            Sampling.greedy(),
            1,
            new EngineRequest.Limits(tokens, List.of(), true),
            -1),
        answer);
    return answer.answered();
  }

  private EngineOptions options(int context) {
    EngineOptions all = Artefacts.options(2, context);
    return new EngineOptions(
        all.library(),
        all.model(),
        all.slots(),
        context,
        all.threads(),
        all.device(),
        all.queueSize(),
        all.queueWait(),
        Optional.of(folder.resolve("prefixes")));
  }

  private List<Path> files() {
    assertFalse(folder.toString().isEmpty());
    if (!Files.exists(folder.resolve("prefixes"))) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder.resolve("prefixes"))) {
      return all.filter(file -> file.toString().endsWith(".prefix")).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
