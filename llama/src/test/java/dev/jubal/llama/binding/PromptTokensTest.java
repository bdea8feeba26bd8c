package dev.jubal.llama.binding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.Segment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Prompts of the demonstration model, with the vocabulary it has. */
final class PromptTokensTest {
  private static final String[] PIECES = {
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|im_",
    "start|>",
    "user",
    "\n",
    "\n\n",
    " ",
    "Hello",
    "wor",
    "ld",
    "日本",
    "👩",
    "<",
    "|>",
    "12",
    "3",
    "  ",
    "<tool_call>",
    "\t"
  };

  @Test
  void aPromptIsOneTextWhoseControlTokensComeFromTheTemplateAlone() {
    long seed = Long.getLong("jubal.seed", System.nanoTime());
    System.out.println("PromptTokensTest seed " + seed);
    Random random = new Random(seed);
    Library library = Library.open(Artefacts.library(), line -> {});
    try (Model model = Model.load(library, Artefacts.model(), "cpu")) {
      Vocabulary vocabulary = model.vocabulary();
      for (int round = 0; round < 2000; round++) {
        List<Segment> prompt = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
          String piece = PIECES[random.nextInt(PIECES.length)];
          prompt.add(new Segment(piece, random.nextBoolean()));
          text.append(piece);
        }
        check(vocabulary, prompt, text.toString(), seed);
      }
    }
  }

  private static void check(Vocabulary vocabulary, List<Segment> prompt, String text, long seed) {
    String message = "seed " + seed + ": " + prompt;
    assertArrayEquals(
        vocabulary.tokenize(text, true), vocabulary.tokenize(all(prompt, true)), message);
    assertArrayEquals(
        vocabulary.tokenize(text, false), vocabulary.tokenize(all(prompt, false)), message);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int controls = 0;
    for (int token : vocabulary.tokenize(prompt)) {
      bytes.writeBytes(vocabulary.piece(token));
      controls += vocabulary.isControl(token) ? 1 : 0;
    }
    assertEquals(text, bytes.toString(StandardCharsets.UTF_8), message);
    assertEquals(trusted(vocabulary, prompt), controls, message);
  }

  /** How many control tokens stand in stretches that the template wrote. */
  private static int trusted(Vocabulary vocabulary, List<Segment> prompt) {
    int count = 0;
    StringBuilder stretch = new StringBuilder();
    for (int i = 0; i <= prompt.size(); i++) {
      if (i < prompt.size() && prompt.get(i).special()) {
        stretch.append(prompt.get(i).text());
        continue;
      }
      for (int token : vocabulary.tokenize(stretch.toString(), true)) {
        count += vocabulary.isControl(token) ? 1 : 0;
      }
      stretch.setLength(0);
    }
    return count;
  }

  private static List<Segment> all(List<Segment> prompt, boolean special) {
    return prompt.stream().map(s -> new Segment(s.text(), special)).toList();
  }
}
