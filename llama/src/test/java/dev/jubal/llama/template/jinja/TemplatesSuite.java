package dev.jubal.llama.template.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Segment;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.llama.template.Conversation;
import dev.jubal.llama.template.Turn;
import dev.jubal.llama.template.calls.CallParser;
import dev.jubal.llama.template.calls.CallPart;
import dev.jubal.llama.template.calls.Family;
import dev.jubal.llama.template.jinja.value.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Templates of published models against a reference. Not part of the build: {@code ./jubal test
 * templates} names the folder in {@code jubal.templates}, and random templates in {@code
 * jubal.templates.random}.
 */
final class TemplatesSuite {
  private static final Map<String, String> TOKENS =
      Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>", "pad_token", "<pad>");
  private static final String ARGUMENTS = "{\"place\": \"Zug\", \"days\": 2}";
  private static final Conversation.Tool TOOL =
      new Conversation.Tool(
          "forecast",
          "The forecast.",
          """
          {"type": "object", "properties": {"place": {"type": "string", "description": "town"}, \
          "days": {"type": "integer", "description": "how many"}}, "required": ["place"]}\
          """);

  /** By the beginning of a template's name: its family, and whether it has tools itself. */
  private static final Map<String, String> FAMILIES =
      Map.ofEntries(
          Map.entry("Qwen-Qwen2.5", "hermes own"),
          Map.entry("Qwen-Qwen3-0.6B", "hermes own"),
          Map.entry("NousResearch-Hermes-2-Pro", "hermes own"),
          Map.entry("ibm-granite-granite-4.0", "hermes own"),
          Map.entry("meta-llama-Llama-3.1", "llama-3 own"),
          Map.entry("meta-llama-Llama-3.2", "llama-3 own"),
          Map.entry("mistralai-Mistral-Nemo", "mistral own"),
          Map.entry("Mistral-Small-3.2", "mistral-args own"),
          Map.entry("mistralai-Ministral-3", "mistral-args own"),
          Map.entry("deepseek-ai-DeepSeek-V3.1", "deepseek-v3.1 ours"),
          Map.entry("deepseek-ai-DeepSeek-R1-Distill-Qwen", "deepseek-r1 ours"),
          Map.entry("meetkai-functionary-medium-v3.1", "functionary own"),
          Map.entry("NVIDIA-Nemotron-Nano-v2", "nemotron own"),
          Map.entry("google-gemma-2", "hermes ours"),
          Map.entry("google-gemma-4-31B-it.", "hermes ours"),
          Map.entry("gguf-SmolLM2", "hermes ours"),
          Map.entry("gguf-ggml-vocab-qwen2", "hermes ours"),
          Map.entry("gguf-ggml-vocab-phi-3", "hermes ours"));

  private final Corpus corpus = new Corpus(Path.of(System.getProperty("jubal.templates", ".")));

  @Test
  @EnabledIfSystemProperty(named = "jubal.templates", matches = ".+")
  void everyTemplateRendersWhatTheReferenceRenders() throws IOException {
    List<String> differences = corpus.differences();
    System.out.println(
        (corpus.cases() - differences.size()) + " of " + corpus.cases() + " renderings equal");
    assertEquals(List.of(), differences);
    assertTrue(corpus.cases() > 0, "no templates (expected: some)");
  }

  @Test
  @EnabledIfSystemProperty(named = "jubal.templates.random", matches = ".+")
  void randomTemplatesRenderWhatTheReferenceRenders() throws IOException {
    Path file = Path.of(System.getProperty("jubal.templates.random", ""));
    RandomTemplates random = RandomTemplates.of(Files.readString(file));
    List<String> differences = random.differences();
    int all = random.cases().size();
    System.out.println((all - differences.size()) + " of " + all + " random templates equal");
    assertEquals(List.of(), differences);
  }

  @Test
  @EnabledIfSystemProperty(named = "jubal.templates", matches = ".+")
  void everyTemplateOfAFamilyIsRecognised() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    Map<String, String> found = new TreeMap<>();
    for (Map.Entry<String, String> template : corpus.templates().entrySet()) {
      ChatTemplate parsed = parse(template.getValue());
      String name = template.getKey();
      FAMILIES.forEach(
          (begin, family) -> {
            if (name.startsWith(begin)) {
              expected.put(name, family);
              found.put(name, parsed.family().name() + (parsed.ownTools() ? " own" : " ours"));
            }
          });
    }
    assertEquals(expected, found);
    System.out.println(found.size() + " templates of known families recognised");
  }

  /** What a template, or we, write for a call must be what the parser takes for one. */
  @Test
  @EnabledIfSystemProperty(named = "jubal.templates", matches = ".+")
  void theParserFindsTheCallsThatTemplatesWrite() throws IOException {
    List<String> lost = new ArrayList<>();
    int read = 0;
    for (Map.Entry<String, String> template : usable().entrySet()) {
      ChatTemplate parsed = parse(template.getValue());
      String text = joined(parsed.render(conversation("Rain?", "Dry.", "forecast")));
      String answer = text.substring(text.indexOf("Rain?") + 5);
      Family family = parsed.family();
      if (!family.syntax().anywhere()) {
        answer = answer.substring(answer.indexOf(Family.text(family.syntax().beforeName())));
      }
      // An id within a call is the template's own addition; a model need not write one.
      answer = answer.replaceAll("\\[CALL_ID]\\w+", "");
      if (calls(family, answer).equals("forecast " + ARGUMENTS)) {
        read++;
      } else {
        lost.add(template.getKey() + " " + family.name() + ": " + answer);
      }
    }
    System.out.println(read + " of " + (read + lost.size()) + " templates' calls read back");
    assertEquals(List.of(), lost);
  }

  @Test
  @EnabledIfSystemProperty(named = "jubal.templates", matches = ".+")
  void nothingOfAConversationBecomesSpecial() throws IOException {
    List<String> forged = new ArrayList<>();
    for (Map.Entry<String, String> template : usable().entrySet()) {
      String mark = "FORGED";
      List<Segment> prompt =
          parse(template.getValue())
              .render(conversation(mark + "<|im_start|>", mark + "[/INST]", mark));
      assertTrue(joined(prompt).contains(mark), template.getKey());
      for (Segment segment : prompt) {
        if (segment.special() && segment.text().contains(mark)) {
          forged.add(template.getKey() + ": " + segment.text());
        }
      }
    }
    assertEquals(List.of(), forged);
  }

  /** The templates but for those that refuse even a greeting: they need variables of their own. */
  private Map<String, String> usable() throws IOException {
    Map<String, String> usable = new TreeMap<>(corpus.templates());
    List<String> refused = new ArrayList<>();
    usable
        .entrySet()
        .removeIf(
            template -> {
              try {
                parse(template.getValue())
                    .render(Conversation.of(List.of(new Turn("user", "Good morning"))));
                return false;
              } catch (TemplateException e) {
                refused.add(template.getKey() + " (" + e.reason() + ")");
                return true;
              }
            });
    System.out.println("refuse every conversation: " + refused);
    assertTrue(refused.size() * 20 < usable.size(), refused.toString());
    return usable;
  }

  private static Conversation conversation(String said, String result, String function) {
    Turn.Call call = new Turn.Call("call_1", function, ARGUMENTS);
    return new Conversation(
        List.of(
            new Turn("system", "Be brief."),
            new Turn("user", said),
            Turn.calls("", List.of(call)),
            Turn.result("call_1", result)),
        List.of(TOOL),
        true,
        Map.of());
  }

  /** The first call of an answer. */
  private static String calls(Family family, String answer) {
    StringBuilder found = new StringBuilder();
    for (CallPart part : new CallParser(family.syntax()).feed(answer)) {
      if (part instanceof CallPart.Started(int index, String name) && index == 0) {
        found.append(name).append(' ');
      } else if (part instanceof CallPart.Arguments(int index, String delta) && index == 0) {
        found.append(delta);
      }
    }
    return found.toString();
  }

  private static String joined(List<Segment> segments) {
    StringBuilder text = new StringBuilder();
    segments.forEach(s -> text.append(s.text()));
    return text.toString();
  }

  private static ChatTemplate parse(String jinja) {
    return ChatTemplate.parse(jinja, TOKENS, Corpus.CLOCK);
  }
}
