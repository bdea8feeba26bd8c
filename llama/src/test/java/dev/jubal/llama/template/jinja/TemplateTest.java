package dev.jubal.llama.template.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.template.jinja.value.Dict;
import dev.jubal.llama.template.jinja.value.Limits;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.TemplateException.Kind;
import dev.jubal.llama.template.jinja.value.Text;
import dev.jubal.llama.template.jinja.value.Value;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code GoldenTest} does not show: errors, limits, the clock and where characters are from.
 */
final class TemplateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{{ a b }}§line 1: expected token 'end of print statement', got 'b'",
        "x\\n{% if a %}§line 2: unexpected end of template (expected: one of [",
        "{{ a | nothing }}§line 1: No filter named 'nothing'.",
        "{{ a is nothing }}§line 1: No test named 'nothing'.",
        "{% include 'x' %}§line 1: Encountered unknown tag 'include'.",
        "\\n\\n{{ 'x }}§line 3: unexpected char '''",
        "{{ (a] }}§line 1: unexpected ']'",
        "{# a§line 1: Missing end of comment tag",
        "{% raw %}a§line 1: Missing end of raw directive",
        "{% set none = 1 %}§line 1: can't assign to 'none'",
      })
  void namesLineAndReasonOfWhatCannotBeRead(String jinja, String message) {
    TemplateException e =
        assertThrows(TemplateException.class, () -> render(jinja.replace("\\n", "\n")));
    assertEquals(Kind.SYNTAX, e.kind());
    assertTrue(e.reason().startsWith(message), e.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
        "{{ range(100001) }}",
        "{{ 'x' * 1000000000 }}",
        "{% set ns = namespace(s='xxxxxxxx') %}"
            + "{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{{ [1] * 100000000 }}",
        "{{ 99 ** 99 ** 99 }}",
        "{% set ns = namespace(n=99) %}"
            + "{% for i in range(100) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{{ '%100000d' % 1 }}",
        "{{ '{:100000}'.format(1) }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ 'x' | indent(1000000000) }}",
        "{{ 'x' | center(1000000000) }}",
        "{% set ns = namespace(l=[]) %}"
            + "{% for i in range(300) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ [1] | batch(1000000000, 1) | list }}",
        "{% set ns = namespace(s='ab') %}{% for i in range(100000) %}"
            + "{% set ns.s = ns.s.replace('a', 'aa') %}{% endfor %}",
      })
  void noTemplateCostsMoreThanTheLimits(String jinja) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          TemplateException e = assertThrows(TemplateException.class, () -> render(jinja));
          assertEquals(Kind.LIMIT, e.kind(), e.reason());
        });
  }

  @Test
  void hostileNestingIsRefusedWhenRead() {
    for (String open : new String[] {"(", "[", "{'a':", "not ", "-", "x[", "f(", "a if b else "}) {
      TemplateException e =
          assertThrows(TemplateException.class, () -> render("{{ " + open.repeat(50_000)));
      assertEquals(Kind.SYNTAX, e.kind(), open);
    }
    assertEquals(
        Kind.SYNTAX,
        assertThrows(TemplateException.class, () -> render("{% if a %}".repeat(10_000))).kind());
    assertEquals(
        Kind.SYNTAX,
        assertThrows(TemplateException.class, () -> render("{{ 1" + " + 1".repeat(10_000) + "}}"))
            .kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__ }}",
        "{{ x.getClass }}",
        "{{ l.append is defined and l.append }}",
        "{{ ''.format.__globals__ }}",
        "{{ x['class'] }}"
      })
  void nothingOfTheMachineCanBeReached(String jinja) {
    String text;
    try {
      text = render(jinja);
    } catch (TemplateException e) {
      text = "";
    }
    assertTrue(text.isEmpty() || text.equals("False"), text);
  }

  @Test
  void readsTheClockItIsGiven() {
    assertEquals(
        "21 Nov 2026, Saturday 07:30 AM 325 %",
        render("{{ strftime_now('%d %b %Y, %A %I:%M %p %j %%') }}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "<{{ x }}>§<(ab c)>",
        "{{ '<' + x + '>' }}§<(ab c)>",
        "{{ ('<' ~ x ~ '>') | trim('<') }}§(ab c)>",
        "{{ ('<' ~ x ~ '>')[2:] }}§(b c)>",
        "{{ ('<' ~ x ~ '>').split(' ') | join('-') }}§<(ab)-(c)>",
        "{{ x.replace('b', '<|e|>') }}§(a)<¦e¦>( c)",
        "{{ '<|e|>'.replace('e', x) }}§<¦(ab c)¦>",
        "{{ ('<' ~ x) | upper }}§<(AB C)",
        "{{ [x, '<'] | tojson }}§[(\"ab c\"), \"<\"]",
        "{{ '%s<' % x }}{{ '<{}'.format(x) }}§(ab c)<<(ab c)",
        "{% set y %}<{{ x }}{% endset %}{{ y }}§<(ab c)",
        "{% macro m(v) %}<{{ v }}{% endmacro %}{{ m(x) }}§<(ab c)",
        "{{ (x ~ '<') | reverse }}§<(c ba)",
        "{{ {x: '<'} }}§{('ab c'): '<'}",
        "{{ x.partition(' ') | join('<') }}§(ab)<( )<(c)",
      })
  void everyCharacterRemembersWhoWroteIt(String jinja, String marked) {
    StringBuilder shown = new StringBuilder();
    template(jinja.replace('¦', '|'))
        .render(Map.of("x", Text.foreign("ab c")), Limits.DEFAULT)
        .runs((part, trusted) -> shown.append(trusted ? part : "(" + part + ")"));
    assertEquals(marked.replace('¦', '|'), shown.toString());
  }

  private static String render(String jinja) {
    Dict object = new Dict().put("a", Value.Int.of(1));
    return template(jinja).render(Map.of("x", object), Limits.DEFAULT).string();
  }

  private static Template template(String jinja) {
    return Template.parse(jinja, Corpus.CLOCK);
  }
}
