package dev.jubal.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AnswerReaderTest {
  private static final String STREAM =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
          + chunk("data: {\"a\":1}\n\n")
          + chunk(": heartbeat\n\n")
          + chunk("event: x\ndata: {\"a\"")
          + chunk(":2}\n\ndata: [DONE]\n\n")
          + "0\r\n\r\n";

  private static String chunk(String data) {
    return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void readsAnAnswerOfKnownLength() throws IOException {
    AnswerReader reader = new AnswerReader();
    ByteBuffer in = bytes("HTTP/1.1 404 Not Found\r\ncontent-length: 3\r\n\r\nabcHTTP");
    reader.feed(in, 7);
    assertTrue(reader.complete());
    assertEquals(404, reader.status());
    assertEquals(7, reader.firstAt());
    assertEquals(4, in.remaining(), "bytes of the next answer");
  }

  @Test
  void countsEventsWithoutHeartbeatsHoweverTheBytesAreSplit() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    AnswerReader reader = new AnswerReader();
    for (int round = 0; round < 200; round++) {
      reader.reset();
      int at = 0;
      while (at < STREAM.length()) {
        int end = Math.min(STREAM.length(), at + 1 + random.nextInt(30));
        reader.feed(bytes(STREAM.substring(at, end)), end);
        at = end;
      }
      assertTrue(reader.complete(), "seed " + seed);
      assertTrue(reader.done(), "seed " + seed);
      assertEquals(2, reader.events(), "seed " + seed);
      assertTrue(reader.eventAt(0) < reader.eventAt(1), "seed " + seed);
      assertEquals(reader.firstAt(), reader.eventAt(0), "seed " + seed);
    }
  }

  @Test
  void aStreamCutShortIsNotWhole() throws IOException {
    AnswerReader reader = new AnswerReader();
    reader.feed(bytes(STREAM.substring(0, STREAM.indexOf("data: [DONE]"))), 1);
    assertFalse(reader.complete());
    assertFalse(reader.done());
  }

  @Test
  void refusesWhatIsNotHttp() {
    AnswerReader reader = new AnswerReader();
    assertThrows(IOException.class, () -> reader.feed(bytes("SSH-2.0-x\r\n\r\n\n\r\n"), 1));
  }
}
