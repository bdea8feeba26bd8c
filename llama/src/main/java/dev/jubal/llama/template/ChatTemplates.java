package dev.jubal.llama.template;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the renderer for the chat template that a model file carries. */
public final class ChatTemplates {

  // Jinja reads a line break in a quoted text and the escape \n alike, so both spellings match.
  // The default system text is copied verbatim: quotes, backslashes and braces would need Jinja.
  private static final String BREAK = "(?:\n|\\\\n)";
  private static final String UNSET_MEANS_FALSE =
      "(?:\\{% if not add_generation_prompt is defined %}"
          + "\\{% set add_generation_prompt = false %}\\{% endif %})?";
  private static final String DEFAULT_SYSTEM =
      "(?:\\{% if loop\\.first and messages\\[0]\\['role'] != 'system' %}"
          + "\\{\\{ '<\\|im_start\\|>system"
          + BREAK
          + "([^'\"\\\\{}<>]+)<\\|im_end\\|>"
          + BREAK
          + "' }}\\{% endif %})?";
  private static final String TURN =
      "\\{\\{ ?'<\\|im_start\\|>' \\+ message\\['role'] \\+ '"
          + BREAK
          + "' \\+ message\\['content'] \\+ '<\\|im_end\\|>' \\+ '"
          + BREAK
          + "' ?}}";
  private static final String GENERATION_PROMPT =
      "\\{% if add_generation_prompt %}\\{\\{ '<\\|im_start\\|>assistant"
          + BREAK
          + "' }}\\{% endif %}";
  private static final Pattern CHAT_ML =
      Pattern.compile(
          UNSET_MEANS_FALSE
              + "\\{% for message in messages %}"
              + DEFAULT_SYSTEM
              + TURN
              + "\\{% endfor %}"
              + GENERATION_PROMPT
              + "\n?");

  private ChatTemplates() {}

  /**
   * The renderer of a template, if it is one that is rendered exactly.
   *
   * @param jinja the template as the model file carries it
   * @return empty if the template is of another kind: the model must then be refused for chat
   */
  public static Optional<ChatTemplate> recognise(String jinja) {
    Matcher chatMl = CHAT_ML.matcher(jinja);
    if (!chatMl.matches()) {
      return Optional.empty();
    }
    String system = chatMl.group(1);
    return Optional.of(new ChatMl(system == null ? "" : system));
  }
}
