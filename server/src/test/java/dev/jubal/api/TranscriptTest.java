package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.http.XaiErrors;
import dev.jubal.testing.ScriptedServer;
import dev.jubal.testing.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Golden transcripts: request and scripted events to the exact bytes of the answer.
 *
 * <p>After a wanted change run with {@code -Djubal.transcripts=write} and read the difference. A
 * case whose name ends in {@code -xai} runs with {@code compat.errors=xai}.
 */
class TranscriptTest {
  private static final Path FOLDER = Path.of("src/test/resources/transcripts");

  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());
  private static final ScriptedServer XAI_SERVER = new ScriptedServer(new XaiErrors());

  @AfterAll
  static void stop() {
    SERVER.close();
    XAI_SERVER.close();
  }

  @TestFactory
  Stream<DynamicTest> theAnswerIsTheGoldenOne() throws IOException {
    return Transcript.under(FOLDER).stream()
        .map(t -> DynamicTest.dynamicTest(t.name(), () -> play(t)));
  }

  private static void play(Transcript transcript) throws IOException {
    ScriptedServer server = transcript.name().endsWith("-xai") ? XAI_SERVER : SERVER;
    server.script(transcript.script());
    String answer = transcript.play(server.port());
    if (System.getProperty("jubal.transcripts", "").equals("write")) {
      transcript.write(answer);
    }
    assertEquals(transcript.answer(), answer);
  }
}
