package dev.jubal.api.xaigrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.RpcTranscript;
import dev.jubal.testing.ScriptedServer;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Golden RPCs: message and scripted events to the exact messages and status. After a wanted change
 * run with {@code -Djubal.transcripts=write} and read the difference. A case whose name ends in
 * {@code -again} is the second of two.
 */
final class RpcTranscriptTest {
  private static final Path FOLDER = Path.of("src/test/resources/rpcs");
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());
  private static final Channel CHANNEL = Rpc.channel(SERVER.port(), "");

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @TestFactory
  Stream<DynamicTest> theAnswerIsTheGoldenOne() throws Exception {
    return RpcTranscript.under(FOLDER).stream()
        .map(t -> DynamicTest.dynamicTest(t.name(), () -> play(t)));
  }

  private static void play(RpcTranscript transcript) throws IOException {
    SERVER.script(transcript.script());
    SERVER.limit(transcript.limits());
    SERVER.budget(transcript.budget());
    if (transcript.name().endsWith("-again")) {
      var _ = transcript.play(CHANNEL, SERVER.rpcs()); // what the golden one is the second of
    }
    String answer = transcript.play(CHANNEL, SERVER.rpcs());
    if (System.getProperty("jubal.transcripts", "").equals("write")) {
      transcript.write(answer);
    }
    assertEquals(transcript.answer(), answer);
  }
}
