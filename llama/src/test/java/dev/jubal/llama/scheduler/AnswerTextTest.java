package dev.jubal.llama.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.EngineListener.SampledToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AnswerTextTest {
  private static final String TEXT = "Grüße 世界 😀👍🏽, ab aab aaab stop here é";

  @Test
  void anyCutOfBytesGivesTheSameText() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      List<byte[]> pieces = cut(TEXT.getBytes(UTF_8), random);
      Said said = say(pieces, List.of());
      assertEquals(TEXT, said.text(), "seed " + seed);
      assertEquals(pieces.size(), said.tokens.size(), "seed " + seed);
      for (String delta : said.deltas) {
        assertTrue(!delta.contains("\uFFFD"), "seed " + seed + " " + delta);
        assertTrue(!Character.isHighSurrogate(delta.charAt(delta.length() - 1)), "seed " + seed);
      }
    }
  }

  @Test
  void anyCutFindsTheFirstStopText() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> stops = List.of("stop here", "aaab", "😁", "zz");
    for (int round = 0; round < 2000; round++) {
      Said said = say(cut(TEXT.getBytes(UTF_8), random), stops);
      assertEquals(TEXT.substring(0, TEXT.indexOf("aaab")), said.text(), "seed " + seed);
      assertEquals("aaab", said.stop, "seed " + seed);
    }
  }

  @Test
  void holdsBackOnlyWhatCouldBecomeAStopText() {
    AnswerText text = new AnswerText(List.of("xyz"));
    assertEquals("a", text.append(token("ax"), true, true).text());
    assertEquals("", text.append(token("y"), true, true).text());
    assertEquals("xyxy!", text.append(token("xy!"), true, true).text());
    assertEquals("b", text.append(token("bxy"), true, true).text());
    assertEquals("xy", text.end().text());
    assertNull(text.stop());
  }

  @Test
  void tokensLeaveWithTheirText() {
    AnswerText text = new AnswerText(List.of("END"));
    assertEquals(0, text.append(token("E"), true, true).tokens().size());
    AnswerText.Piece piece = text.append(token("asy"), true, true);
    assertEquals("Easy", piece.text());
    assertEquals(2, piece.tokens().size());
    AnswerText.Piece last = text.append(token(" goEND more"), true, true);
    assertEquals(" go", last.text());
    assertEquals(1, last.tokens().size());
    assertEquals("END", text.stop());
  }

  @Test
  void invalidBytesBecomeReplacementCharacters() {
    AnswerText text = new AnswerText(List.of());
    assertEquals("a", text.append(bytes('a', 0xF0, 0x9F), true, true).text());
    assertEquals("\uFFFDb", text.append(token("b"), true, true).text());
    assertEquals("", text.append(bytes(0xE4, 0xB8), true, true).text());
    assertEquals("\uFFFD", text.end().text());
  }

  @Test
  void controlTokensMakeNoText() {
    AnswerText text = new AnswerText(List.of());
    assertTrue(text.append(token("<|im_start|>"), false, true).isEmpty());
    assertEquals(2, text.append(token("hi"), true, true).tokens().size());
  }

  private record Said(List<String> deltas, List<SampledToken> tokens, String stop) {
    String text() {
      return String.join("", deltas);
    }
  }

  private static Said say(List<byte[]> pieces, List<String> stops) {
    AnswerText text = new AnswerText(stops);
    List<String> deltas = new ArrayList<>();
    List<SampledToken> tokens = new ArrayList<>();
    for (byte[] piece : pieces) {
      add(text.append(new SampledToken(1, piece, 0, List.of()), true, true), deltas, tokens);
      String stop = text.stop();
      if (stop != null) {
        return new Said(deltas, tokens, stop);
      }
    }
    add(text.end(), deltas, tokens);
    return new Said(deltas, tokens, "");
  }

  private static void add(AnswerText.Piece piece, List<String> deltas, List<SampledToken> tokens) {
    if (!piece.isEmpty()) {
      deltas.add(piece.text());
      tokens.addAll(piece.tokens());
    }
  }

  private static List<byte[]> cut(byte[] bytes, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int to = Math.min(bytes.length, at + 1 + random.nextInt(5));
      pieces.add(Arrays.copyOfRange(bytes, at, to));
      at = to;
    }
    return pieces;
  }

  private static SampledToken token(String text) {
    return new SampledToken(1, text.getBytes(UTF_8), 0, List.of());
  }

  private static SampledToken bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return new SampledToken(1, bytes, 0, List.of());
  }
}
