package dev.jubal.llama.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.Segment;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each family by a short template of our own that writes calls as the family does. */
final class FamilyTest {
  private static final String TEXT =
      "{% if not m.tool_calls and m.role != 'tool' %}<{{ m.role }}>{{ m.content }}{% endif %}";

  private static final String HERMES =
      template(
          "{{ m.content }}{% for c in m.tool_calls %}<tool_call>\n"
              + "{\"name\": \"{{ c.function.name }}\", \"arguments\": {{ c.function.arguments |"
              + " tojson }}}\n"
              + "</tool_call>{% endfor %}",
          "<tool_response>{{ m.content }}</tool_response>");

  private static final String LLAMA =
      template(
          "{% if m.tool_calls | length != 1 %}{{ raise_exception('one call only') }}{% endif %}"
              + "{% set f = m.tool_calls[0].function %}"
              + "{\"name\": \"{{ f.name }}\", \"parameters\": {{ f.arguments | tojson }}}",
          "<ipython>{{ m.content }}");

  private static final String MISTRAL =
      template(
          "[TOOL_CALLS][{% for c in m.tool_calls %}"
              + "{% if c.id | length != 9 %}{{ raise_exception('nine letters') }}{% endif %}"
              + "{{ (c.function | tojson)[:-1] }}, \"id\": \"{{ c.id }}\"}"
              + "{{ ', ' if not loop.last }}{% endfor %}]",
          "[TOOL_RESULTS]{{ m.content }}[/TOOL_RESULTS]");

  /** Wants arguments as text and no content beside calls, as the older ones do. */
  private static final String DEEPSEEK =
      template(
          "{% if m.content is none %}<｜tool▁calls▁begin｜>{% for c in m.tool_calls %}"
              + "{{ '<｜tool▁call▁begin｜>' + c.type + '<｜tool▁sep｜>' + c.function.name"
              + " + '\n```json\n' + c.function.arguments + '\n```<｜tool▁call▁end｜>' }}"
              + "{% endfor %}<｜tool▁calls▁end｜>{% endif %}",
          "<｜tool▁output▁begin｜>{{ m.content }}<｜tool▁output▁end｜>");

  private static final List<Turn> CALLED =
      List.of(
          new Turn("user", "Both?"),
          Turn.calls(
              "",
              List.of(
                  new Turn.Call("call_a", "one", "{\"x\": 1}"),
                  new Turn.Call("call_b", "two", "{}"))),
          Turn.result("call_a", "1"),
          Turn.result("call_b", "2"));

  private static String template(String calls, String result) {
    return "{% for t in tools or [] %}{{ t | tojson }}{% endfor %}{% for m in messages %}"
        + TEXT
        + "{% if m.tool_calls %}"
        + calls
        + "{% endif %}{% if m.role == 'tool' %}"
        + result
        + "{% endif %}{% endfor %}";
  }

  @Test
  void hermes() {
    ChatTemplate template = parse(HERMES);
    assertEquals("hermes", template.family().name());
    assertTrue(template.ownTools());
    assertTrue(template.parallelCalls());
    assertEquals(
        "<user>Both?<tool_call>\n{\"name\": \"one\", \"arguments\": {\"x\": 1}}\n</tool_call>"
            + "<tool_call>\n{\"name\": \"two\", \"arguments\": {}}\n</tool_call>"
            + "<tool_response>1</tool_response><tool_response>2</tool_response>",
        render(template));
  }

  @Test
  void llamaTakesOneCallATurn() {
    ChatTemplate template = parse(LLAMA);
    assertEquals("llama-3", template.family().name());
    assertFalse(template.parallelCalls());
    assertEquals(
        "<user>Both?{\"name\": \"one\", \"parameters\": {\"x\": 1}}<ipython>1"
            + "{\"name\": \"two\", \"parameters\": {}}<ipython>2",
        render(template));
  }

  @Test
  void mistralWantsShortIds() {
    ChatTemplate template = parse(MISTRAL);
    assertEquals("mistral", template.family().name());
    String text = render(template);
    assertTrue(
        text.matches(
            "(?s)<user>Both\\?\\[TOOL_CALLS]\\[\\{\"name\": \"one\", \"arguments\": \\{\"x\": 1},"
                + " \"id\": \"[a-z0-9]{9}\"}, .*"),
        text);
  }

  @Test
  void deepseekWantsArgumentsAsText() {
    ChatTemplate template = parse(DEEPSEEK);
    assertEquals("deepseek-r1", template.family().name());
    assertEquals(
        "<user>Both?<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>one\n"
            + "```json\n{\"x\": 1}\n```<｜tool▁call▁end｜>"
            + "<｜tool▁call▁begin｜>function<｜tool▁sep｜>two\n"
            + "```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
            + "<｜tool▁output▁begin｜>1<｜tool▁output▁end｜><｜tool▁output▁begin｜>2<｜tool▁output▁end｜>",
        render(template));
  }

  @Test
  void aTemplateThatWritesCallsButListsNoToolsGetsTheListFromUs() {
    ChatTemplate template = parse(HERMES.replace("tools or []", "[]"));
    assertEquals("hermes", template.family().name());
    assertFalse(template.ownTools());
    Conversation asked =
        new Conversation(
            CALLED, List.of(new Conversation.Tool("one", "First.", "{}")), true, Map.of());
    String text = joined(template.render(asked));
    assertTrue(text.startsWith("<system># Tools"), text);
    assertTrue(text.contains("</tool_call><tool_call>"), text);
  }

  private static String render(ChatTemplate template) {
    return joined(template.render(Conversation.of(CALLED)));
  }

  private static String joined(List<Segment> segments) {
    return segments.stream().map(Segment::text).collect(Collectors.joining());
  }

  private static ChatTemplate parse(String jinja) {
    return ChatTemplate.parse(jinja, Map.of(), Clock.systemUTC());
  }
}
