package dev.jubal.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.http.XaiErrors;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.ScriptedServer;
import dev.jubal.testing.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Golden transcripts: request and scripted events to the exact bytes of the answer, which is also
 * held against {@code /openapi.json}.
 *
 * <p>After a wanted change run with {@code -Djubal.transcripts=write} and read the difference. A
 * case whose name ends in {@code -xai} runs with {@code compat.errors=xai}, one in {@code -again}
 * is the second of two.
 */
class TranscriptTest {
  private static final Path FOLDER = Path.of("src/test/resources/transcripts");

  private static final Pattern HEAD =
      Pattern.compile("^HTTP/1.1 ([0-9]+) .*content-type: ([a-z/-]+)", Pattern.DOTALL);
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());
  private static final ScriptedServer XAI_SERVER = new ScriptedServer(new XaiErrors());
  private static final ScriptedServer SPLIT_SERVER = new ScriptedServer(new OpenAiErrors(), true);

  @AfterAll
  static void stop() {
    SERVER.close();
    XAI_SERVER.close();
    SPLIT_SERVER.close();
  }

  @TestFactory
  Stream<DynamicTest> theAnswerIsTheGoldenOneAndAsDescribed() throws Exception {
    OpenApiCheck openApi = OpenApiCheck.of(SERVER.http());
    return Transcript.under(FOLDER).stream()
        .map(t -> DynamicTest.dynamicTest(t.name(), () -> play(t, openApi)));
  }

  private static void play(Transcript transcript, OpenApiCheck openApi) throws IOException {
    boolean xai = transcript.name().endsWith("-xai");
    boolean split = transcript.name().endsWith("-split");
    ScriptedServer server = xai ? XAI_SERVER : split ? SPLIT_SERVER : SERVER;
    server.script(transcript.script());
    server.limit(transcript.limits());
    server.budget(transcript.budget());
    if (transcript.name().endsWith("-again")) {
      var _ = transcript.play(server.port()); // what the golden one is the second of
    }
    String answer = transcript.play(server.port());
    if (System.getProperty("jubal.transcripts", "").equals("write")) {
      transcript.write(answer);
    }
    assertEquals(transcript.answer(), answer);
    if (!xai) { // the description knows one form of errors, the default
      check(transcript, openApi, answer);
    }
  }

  private static void check(Transcript transcript, OpenApiCheck openApi, String answer)
      throws IOException {
    String text = new String(answer.getBytes(ISO_8859_1), UTF_8);
    int body = text.indexOf("\r\n\r\n");
    Matcher head = HEAD.matcher(text.substring(0, body));
    assertTrue(head.find(), text);
    openApi.check(
        transcript.target().getFirst(),
        transcript.target().getLast().replaceAll("\\?.*", ""),
        Integer.parseInt(head.group(1)),
        head.group(2),
        text.substring(body + 4));
  }
}
