package dev.jubal.llama.template.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A thought is found however the text is cut. Run one seed again with {@code -Djubal.seed=N}. */
class ThoughtParserTest {
  private static final int ROUNDS = 2000;
  private static final String[] PIECES = {
    "<think>",
    "</think>",
    "<th",
    "ink>",
    "</",
    "think>",
    " ",
    "\n",
    "\n\n",
    "Hm",
    ".",
    "Yes",
    "<",
    ">",
    "🙂",
    ""
  };

  @Test
  void aThoughtComesBeforeTheText() {
    assertEquals("T:Hm.|end|X:Yes.|", whole("<think>\nHm.\n</think>\n\nYes."));
    assertEquals("X:Yes.|", whole("Yes."));
    assertEquals("X:Yes <think>no</think>|", whole("Yes <think>no</think>"));
    assertEquals("end|X:Yes.|", whole("<think>\n\n</think>\n\nYes."));
    assertEquals("T:cut off|end|", whole("<think>cut off"));
    assertEquals("X:<thin|", whole("<thin"));
    assertEquals("T:a </b|end|X:c|", whole("<think>a </b</think>c"));
    assertEquals("X: \n Yes|", whole(" \n Yes"));
  }

  @Test
  void anySplitGivesTheSame() {
    long first = Long.getLong("jubal.seed", System.nanoTime());
    int rounds = Long.getLong("jubal.seed") == null ? ROUNDS : 1;
    for (long seed = first; seed < first + rounds; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "<think>" : "");
      int pieces = random.nextInt(14);
      for (int i = 0; i < pieces; i++) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      assertEquals(whole(text.toString()), split(text.toString(), random), "seed " + seed);
    }
  }

  @Test
  void aTemplateTellsItsTagsByNamingBoth() {
    assertEquals(Optional.empty(), ThoughtTags.of("{{ '</think>' }}"));
    assertEquals(
        Optional.of("<think>"),
        ThoughtTags.of("{{ '<think>\\n' }}{{ '</think>' }}").map(ThoughtTags::opening));
  }

  @Test
  void templatesOfFamiliesWithControlTokensAreKnown() {
    ThoughtTags mistral = ThoughtTags.of("{{ '[THINK]' + t + '[/THINK]' }}").orElseThrow();
    assertEquals("[THINK]", mistral.begin());
    assertEquals("[/THINK]", mistral.end());
    ThoughtTags command =
        ThoughtTags.of("<|CHATBOT_TOKEN|><|START_THINKING|>{{ t }}<|END_THINKING|>").orElseThrow();
    assertTrue(command.open("<|CHATBOT_TOKEN|><|START_THINKING|>"));
    assertEquals("<|START_THINKING|><|END_THINKING|>", command.unthought());
    ThoughtTags harmony =
        ThoughtTags.of(
                "{{- '<|start|>assistant<|channel|>analysis<|message|>' + t + '<|end|>' }}"
                    + "{{- '<|start|>assistant<|channel|>final<|message|>' }}")
            .orElseThrow();
    assertEquals("<|channel|>analysis<|message|>", harmony.begin());
    assertEquals("<|end|><|start|>assistant<|channel|>final<|message|>", harmony.end());
    assertEquals("<|channel|>final<|message|>", harmony.unthought());
  }

  private static String whole(String text) {
    ThoughtParser parser = new ThoughtParser(ThoughtTags.ALL.getFirst());
    List<ThoughtPart> parts = new ArrayList<>(parser.feed(text));
    parts.addAll(parser.end());
    return told(parts);
  }

  private static String split(String text, Random random) {
    ThoughtParser parser = new ThoughtParser(ThoughtTags.ALL.getFirst());
    List<ThoughtPart> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int next = Math.min(text.length(), at + 1 + random.nextInt(4));
      parts.addAll(parser.feed(text.substring(at, next)));
      at = next;
    }
    parts.addAll(parser.end());
    return told(parts);
  }

  /** Neighbours of one kind together, as how a text is cut is no difference. */
  private static String told(List<ThoughtPart> parts) {
    StringBuilder told = new StringBuilder();
    String kind = "";
    for (ThoughtPart part : parts) {
      switch (part) {
        case ThoughtPart.Thought t -> {
          told.append(kind.equals("T") ? "" : "T:").append(t.text());
          kind = "T";
        }
        case ThoughtPart.Text t -> {
          told.append(kind.equals("X") ? "" : "X:").append(t.text());
          kind = "X";
        }
        case ThoughtPart.Finished _ -> {
          told.append(kind.equals("T") ? "|end|" : "end|");
          kind = "";
        }
      }
    }
    return kind.isEmpty() ? told.toString() : told + "|";
  }
}
