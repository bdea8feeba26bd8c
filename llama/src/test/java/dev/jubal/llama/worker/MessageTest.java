package dev.jubal.llama.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.Alternative;
import dev.jubal.llama.EngineListener.Counts;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MessageTest {
  private static final EngineStats STATS =
      new EngineStats(1, 2, 1L << 40, -3, 4, 5, 6, Long.MAX_VALUE, 8);
  private static final List<Segment> PROMPT =
      List.of(new Segment("<|im_start|>", true), new Segment("Grüße 👋\0", false));

  private static final List<Message> PLAIN =
      List.of(
          new Message.Open(
              1,
              new EngineOptions(
                  Path.of("/l/ö"), Path.of("m"), 4, 0, 2, "auto", 256, Duration.ofMinutes(10)),
              500),
          new Message.Submit(
              -7,
              16,
              new EngineRequest(
                  PROMPT,
                  new Sampling(
                          .7f, .9f, 40, .05f, -2, 2, Map.of(5, -100f, 70_000, 3.5f), Long.MIN_VALUE)
                      .repeatably(),
                  3,
                  new EngineRequest.Limits(1000, List.of("\n\n", "END"), true, 160),
                  20)),
          new Message.Cancel(Integer.MAX_VALUE),
          new Message.Credit(1, 8),
          new Message.AskTokens(2, PROMPT),
          new Message.AskStats(3),
          new Message.Hello(1, new ModelInfo("llama", 1, 2, 3, 1L << 35, 5, 6, null)),
          new Message.Hello(1, new ModelInfo("", 1, 2, 3, 4, 5, 6, "{{ t }}")),
          new Message.LoadFailed(1, Kind.LOAD_FAILED, "bad magic"),
          new Message.Heartbeat(STATS),
          new Message.Stats(4, STATS),
          new Message.CallFailed(5, Kind.INTERNAL, "?"),
          new Message.Queued(6, 255, -1),
          new Message.Queued(6, 1, 600_000),
          new Message.Started(6, 511, 496),
          new Message.Text(7, 1, "", List.of()),
          new Message.ChoiceFinished(8, 2, FinishReason.STOP, "END"),
          new Message.ChoiceFinished(8, 2, FinishReason.LENGTH, null),
          new Message.Finished(9, new Counts(1, 2, 3)),
          new Message.Failed(10, Kind.CRASHED, "x"));

  @Test
  void everyMessageArrivesAsItWasSent() throws IOException {
    for (Message message : PLAIN) {
      assertEquals(message, roundTrip(message));
    }
    int[] tokens = {0, 1, 151_935, -1};
    assertArrayEquals(
        tokens, ((Message.AskPieces) roundTrip(new Message.AskPieces(1, tokens))).tokens());
    assertArrayEquals(tokens, ((Message.Tokens) roundTrip(new Message.Tokens(1, tokens))).tokens());
    List<byte[]> pieces = List.of(new byte[0], new byte[] {(byte) 0xE2, (byte) 0x82});
    Message.Pieces back = (Message.Pieces) roundTrip(new Message.Pieces(1, pieces));
    assertArrayEquals(pieces.toArray(), back.pieces().toArray());
  }

  @Test
  void tokensKeepTheirBytesAndAlternatives() throws IOException {
    byte[] half = {(byte) 0xF0, (byte) 0x9F};
    SampledToken token =
        new SampledToken(
            5, half, -1.25f, List.of(new Alternative(6, half, Float.NEGATIVE_INFINITY)));
    Message.Text text =
        (Message.Text) roundTrip(new Message.Text(1, 127, "né", List.of(token, token)));
    assertEquals("né", text.text());
    SampledToken back = text.tokens().get(1);
    assertArrayEquals(half, back.bytes());
    assertEquals(-1.25f, back.logprob());
    assertEquals(Float.NEGATIVE_INFINITY, back.top().getFirst().logprob());
    assertArrayEquals(half, back.top().getFirst().bytes());
  }

  @Test
  void damageIsAnErrorAndNothingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      ByteBuffer frame = Encoder.encode(PLAIN.get(random.nextInt(PLAIN.size())));
      byte[] bytes = new byte[1 + random.nextInt(frame.limit() - Integer.BYTES)];
      frame.get(Integer.BYTES, bytes);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertNotNull(Decoder.decode(ByteBuffer.wrap(bytes)));
      } catch (IOException expected) {
        assertEquals("damaged message between server and worker", expected.getMessage());
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  @Test
  void aSocketCarriesShortAndLongMessagesInOrder(@TempDir Path folder) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      listening.bind(address);
      MessageSocket sender = new MessageSocket(SocketChannel.open(address), "sender");
      MessageSocket reader = new MessageSocket(listening.accept(), "reader");
      int count = 3000;
      Future<?> sending =
          threads.submit(
              () -> {
                for (int i = 0; i < count; i++) {
                  sender.send(new Message.Text(i, 0, "x".repeat(length(i)), List.of()));
                }
                sender.drain();
                return null;
              });
      for (int i = 0; i < count; i++) {
        Message.Text text = (Message.Text) reader.read();
        assertEquals(i, text.id());
        assertEquals(length(i), text.text().length());
      }
      sending.get();
      assertThrows(IOException.class, reader::read);
      reader.close();
    }
  }

  private static int length(int i) {
    return i % 500 == 7 ? 300_000 : i % 90;
  }

  private static Message roundTrip(Message message) throws IOException {
    ByteBuffer frame = Encoder.encode(message);
    assertEquals(frame.remaining() - Integer.BYTES, frame.getInt());
    return Decoder.decode(frame);
  }
}
