package dev.jubal.backend.llama;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.Backend;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.Tools;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.embedding.EmbeddingBackend;
import dev.jubal.llama.Segment;
import dev.jubal.llama.binding.Library;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.time.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What is held for a prompt that nobody could count is never less than what any tokenizer makes of
 * it. Prints how close the closest came.
 */
final class MostTokensTest {
  private static final String CHAT_ML =
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}"
          + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\\n{% endif %}";

  /** As Llama 3.1 has it: functions are written out with indentation. */
  private static final String INDENTED =
      "{% if tools %}<|start_header_id|>system<|end_header_id|>\n\n{% for t in tools %}"
          + "{{ t | tojson(indent=4) }}\n\n{% endfor %}<|eot_id|>{% endif %}{% for m in messages %}"
          + "<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{% if m.tool_calls %}"
          + "{{ m.tool_calls | tojson }}{% else %}{{ m.content | trim }}{% endif %}<|eot_id|>"
          + "{% endfor %}<|start_header_id|>assistant<|end_header_id|>\n\n";

  private static final String[] PIECES = {
    "Hello",
    "wor",
    "ld",
    " ",
    "  ",
    "\n",
    "\t",
    "1",
    "23",
    "日本",
    "한글",
    "ﷺ",
    "ẞ",
    "ﬁ",
    "é",
    "e\u0301",
    "👩\u200D👩\u200D👧",
    "🇩🇪",
    "\u0000",
    "\u001F",
    "\u2028",
    "\uE000",
    "\uDB40\uDC41",
    "\\",
    "\"",
    "'",
    "<",
    "|>",
    "<|im_end|>",
    "{\"a\":[1,2,3]}",
    "নমস্কার",
    "สวัสดี",
    "𝕏",
    "ａ",
    "½",
    "㎞"
  };

  private static final int ROUNDS = 400;

  private final Random random;
  private final long seed;

  MostTokensTest() {
    this.seed = Long.getLong("jubal.seed", System.nanoTime());
    this.random = new Random(seed);
  }

  /** Who counts, by name. */
  private static Map<String, ToIntFunction<String>> foreign(HuggingFaceTokenizer wordPiece) {
    Map<String, ToIntFunction<String>> all = new LinkedHashMap<>();
    all.put("WordPiece", text -> wordPiece.encode(text).getIds().length);
    for (EncodingType type : EncodingType.values()) {
      Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(type);
      all.put(type.getName(), encoding::countTokensOrdinary);
    }
    return all;
  }

  private static HuggingFaceTokenizer wordPiece() throws IOException {
    try (InputStream in =
        MostTokensTest.class.getResourceAsStream("/bge-small-en-v1.5-q-tokenizer.json")) {
      return HuggingFaceTokenizer.newInstance(
          in, Map.of("padding", "false", "truncation", "false"));
    }
  }

  private static ChatTemplate template(String jinja) {
    return ChatTemplate.parse(jinja, Map.of(), Clock.systemUTC());
  }

  private static List<Segment> prompt(GenerationRequest request, ChatTemplate template) {
    AnswerPlan plan = AnswerPlan.of(request, template.family().syntax());
    return EngineRequests.prompt(request, plan, template);
  }

  private static String text(List<Segment> prompt) {
    return prompt.stream().map(Segment::text).collect(Collectors.joining());
  }

  private static String told(AnswerFormat format) {
    return format instanceof AnswerFormat.JsonSchema s ? s.schema() : "";
  }

  /** How close a count came to its bound, at most. */
  private final class Closest {
    private double ratio;

    void check(String who, long counted, long bound, Object of) {
      assertTrue(
          counted <= bound,
          () -> "seed " + seed + ": " + who + " counts " + counted + " of " + bound + ": " + of);
      ratio = Math.max(ratio, (double) counted / bound);
    }

    void print(String what) {
      System.out.printf(
          "MostTokensTest seed %d: of the bound of a %s at most %.2f is used%n", seed, what, ratio);
    }
  }

  @Test
  void noTokenizerMakesMoreOfAPrompt() throws IOException {
    Closest closest = new Closest();
    try (HuggingFaceTokenizer wordPiece = wordPiece()) {
      Map<String, ToIntFunction<String>> all = foreign(wordPiece);
      List<ChatTemplate> templates = List.of(template(CHAT_ML), template(INDENTED));
      for (int i = 0; i < ROUNDS; i++) {
        GenerationRequest request = request();
        for (ChatTemplate template : templates) {
          // whoever cannot be made to keep a schema may be told of it
          String text = text(prompt(request, template)) + told(request.options().format());
          all.forEach(
              (who, counts) ->
                  closest.check(who, counts.applyAsInt(text), request.mostPromptTokens(), request));
        }
      }
    }
    closest.print("prompt");
  }

  /** By its own vocabulary and template, in which what the template writes are control tokens. */
  @Test
  void norDoesTheDemonstrationModel() {
    String library = System.getenv("JUBAL_TEST_LIBRARY");
    String weights = System.getenv("JUBAL_TEST_MODEL");
    if (library == null || weights == null) {
      System.out.println("MostTokensTest: the demonstration model is not here to count");
      return;
    }
    Closest closest = new Closest();
    try (dev.jubal.llama.binding.Model model =
        dev.jubal.llama.binding.Model.load(
            Library.open(Path.of(library), line -> {}), Path.of(weights), "cpu")) {
      ChatTemplate template = template(Objects.requireNonNull(model.template()));
      for (int i = 0; i < ROUNDS; i++) {
        GenerationRequest request = request();
        int counted = model.vocabulary().tokenize(prompt(request, template)).length;
        closest.check("it", counted, request.mostPromptTokens(), request);
      }
    }
    closest.print("prompt of the demonstration model");
  }

  @Test
  void noTokenizerMakesMoreOfATextToEmbed() throws IOException {
    Closest closest = new Closest();
    Catalogue catalogue = CatalogueLoader.load(CatalogueLoader.Options.STANDARD);
    Model model = catalogue.find("v1").orElseThrow();
    try (HuggingFaceTokenizer wordPiece = wordPiece()) {
      foreign(wordPiece)
          .forEach(
              (who, counts) -> {
                for (int i = 0; i < ROUNDS; i++) {
                  String text = words(1 + random.nextInt(30));
                  long bound =
                      new Uncounted()
                          .promptTokens(List.of(new EmbeddingBackend.Text.Plain(text)), model);
                  closest.check(who, counts.applyAsInt(text), bound, text);
                }
              });
    }
    closest.print("text to embed");
  }

  private String words(int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      switch (random.nextInt(8)) {
        case 0 -> text.append(PIECES[random.nextInt(PIECES.length)].repeat(1 + random.nextInt(9)));
        case 1, 2 -> text.appendCodePoint(character());
        default -> text.append(PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return text.toString();
  }

  /** Of any plane; half a pair is no character. */
  private int character() {
    while (true) {
      int point = random.nextInt(random.nextBoolean() ? 0x800 : Character.MAX_CODE_POINT + 1);
      if (Character.getType(point) != Character.SURROGATE) {
        return point;
      }
    }
  }

  private String schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (int i = 1 << random.nextInt(6); i > 0; i--) {
      properties.put(
          "f" + i + words(1),
          Map.of("type", "string", "description", words(4), "enum", List.of(words(1), "b" + i)));
    }
    return Json.string(Map.of("type", "object", "properties", properties));
  }

  private List<Item> turns() {
    List<Item> items = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> {
          items.add(new Item.FunctionCall("c" + i, "tool", Json.string(Map.of("a", words(3)))));
          items.add(Item.FunctionCallOutput.text("c" + i, words(5)));
        }
        case 1 -> items.add(Item.Message.text(Role.ASSISTANT, words(9)));
        case 2 ->
            items.add(
                new Item.Message(
                    Role.USER,
                    List.of(
                        new Item.Part.Text(words(4)),
                        new Item.Part.Image("https://example.com/a.png", Optional.empty()))));
        default -> items.add(Item.Message.text(Role.USER, words(random.nextInt(12))));
      }
    }
    items.add(Item.Message.text(Role.USER, words(3)));
    return items;
  }

  private GenerationRequest request() {
    List<Tools.Function> functions =
        IntStream.range(0, random.nextInt(4))
            .mapToObj(i -> new Tools.Function("tool" + i, words(6), schema()))
            .toList();
    AnswerFormat format =
        switch (random.nextInt(3)) {
          case 0 -> new AnswerFormat.Text();
          case 1 -> new AnswerFormat.JsonObject();
          default -> new AnswerFormat.JsonSchema("s", schema());
        };
    return new GenerationRequest(
        "chat",
        "m",
        new Prompt.Conversation(turns()),
        SamplingOptions.UNSAID,
        new GenerationRequest.Limits(OptionalInt.empty(), List.of()),
        new GenerationRequest.Options(
            1,
            OptionalInt.empty(),
            GenerationRequest.Thought.UNSAID,
            Optional.empty(),
            format,
            new Tools(functions, new Tools.Choice.Auto(), true)),
        false);
  }

  /** A backend that is asked for nothing but the bound. */
  private static final class Uncounted implements EmbeddingBackend {
    @Override
    public Embeddings embed(List<Text> inputs, Model model, Cancellation cancel) {
      throw new UnsupportedOperationException("it makes nothing");
    }

    @Override
    public Backend.Weights weights(Model model) {
      return new Backend.Weights("x", 8192, "", false, false, false, Backend.Weights.Thinking.NOT);
    }

    @Override
    public int dimensions(Model model) {
      return 1;
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
