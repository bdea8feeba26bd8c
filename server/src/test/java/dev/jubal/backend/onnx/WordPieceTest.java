package dev.jubal.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The tokenizer against the one the model was made with. */
final class WordPieceTest {
  private static final String FILE = "/bge-small-en-v1.5-q-tokenizer.json";
  private static final List<String> TEXTS =
      List.of(
          "hello",
          "Hello, wörld! Ünïcödé ÀÉÎ",
          "  tabs\tand\r\nlines   ",
          "unaffable antidisestablishmentarianism",
          "price: $1,234.56 (net) -- 50%!",
          "中文字 mixed かな カナ 한글",
          "emoji 🙂 family 👨‍👩‍👧 flags 🇩🇪",
          "a\u0000b\uFFFDc\u200Bd\u00A0e\u3000f\u00ADg",
          "ΣΑΣ final sigma ς İstanbul ẞ",
          "[CLS] not special? [MASK] [MASKED] [UNK][SEP]",
          "x".repeat(100) + " " + "x".repeat(101),
          "¿Qué? «guillemets» “quotes” … — ‐ ~ ` ^ + < = > | $",
          "\uE000private \u0378unassigned",
          "https://example.org/a_b?c=d#e",
          "\u0301leading mark e\u0301 \u1E9B\u0323",
          "");

  @Test
  void agreesWithTheOriginalOnChosenTexts() throws IOException {
    WordPiece ours = WordPiece.read(file());
    try (HuggingFaceTokenizer original = original()) {
      for (String text : TEXTS) {
        assertEquals(ids(original, text), ours.encode(text), text);
      }
    }
  }

  @Test
  void agreesWithTheOriginalOnRandomTexts() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    WordPiece ours = WordPiece.read(file());
    try (HuggingFaceTokenizer original = original()) {
      for (int i = 0; i < 3000; i++) {
        String text = text(random);
        assertEquals(ids(original, text), ours.encode(text), () -> "seed " + seed + ": " + text);
      }
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    while (text.length() < length) {
      switch (random.nextInt(6)) {
        case 0 -> text.appendCodePoint('a' + random.nextInt(26));
        case 1 -> text.appendCodePoint(' ' + random.nextInt(95));
        case 2 -> text.appendCodePoint(0xC0 + random.nextInt(0x180));
        // beyond that lie characters the original's older Unicode tables do not have
        case 3 -> text.appendCodePoint(0x370 + random.nextInt(0x290));
        case 4 -> text.appendCodePoint(0x4E00 + random.nextInt(0x400));
        default -> text.append(' ');
      }
    }
    return text.toString();
  }

  private static List<Integer> ids(HuggingFaceTokenizer tokenizer, String text) {
    List<Integer> ids = new ArrayList<>();
    for (long id : tokenizer.encode(text).getIds()) {
      ids.add((int) id);
    }
    return ids;
  }

  private static HuggingFaceTokenizer original() throws IOException {
    try (InputStream in = WordPieceTest.class.getResourceAsStream(FILE)) {
      return HuggingFaceTokenizer.newInstance(
          in, Map.of("padding", "false", "truncation", "false"));
    }
  }

  private static byte[] file() throws IOException {
    try (InputStream in = WordPieceTest.class.getResourceAsStream(FILE)) {
      return in.readAllBytes();
    }
  }
}
