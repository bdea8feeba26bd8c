package dev.jubal.llama.template;

import dev.jubal.llama.Segment;
import dev.jubal.llama.template.calls.Family;
import dev.jubal.llama.template.calls.ThoughtTags;
import dev.jubal.llama.template.jinja.Template;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.llama.template.jinja.value.Text;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Renders conversations as the prompt of one model. Immutable and thread-safe.
 *
 * <p>The text of all segments joined is byte for byte what the model's own template gives. Special
 * is only what the template itself wrote, so neither a role nor a content can forge a control
 * token.
 */
public final class ChatTemplate {
  private final Messages messages;
  private final Abilities abilities;
  private final Optional<ThoughtTags> thoughts;

  private ChatTemplate(Messages messages, Abilities abilities, Optional<ThoughtTags> thoughts) {
    this.messages = messages;
    this.abilities = abilities;
    this.thoughts = thoughts;
  }

  /**
   * Reads a template, and tries out what it can do.
   *
   * @param jinja the template as the model file carries it
   * @param tokens texts of tokens by the names templates know, such as bos_token
   * @param clock for templates that write the date
   * @throws TemplateException SYNTAX if it cannot be read; the message names line and reason
   */
  public static ChatTemplate parse(String jinja, Map<String, String> tokens, Clock clock) {
    Messages messages = new Messages(Template.parse(jinja, clock), tokens);
    return new ChatTemplate(messages, Abilities.of(jinja, messages), ThoughtTags.of(jinja));
  }

  /** How this model writes function calls. */
  public Family family() {
    return abilities.family();
  }

  /** How this model writes what it thinks; empty if it does not think. */
  public Optional<ThoughtTags> thoughts() {
    return thoughts;
  }

  /** Whether one answer can make several calls. */
  public boolean parallelCalls() {
    return abilities.parallel();
  }

  /** Whether the template itself writes tools, calls and results. */
  public boolean ownTools() {
    return abilities.listsTools() && abilities.writesCalls();
  }

  /**
   * The prompt of a conversation.
   *
   * @throws TemplateException if the template refuses the conversation even with its turns made to
   *     alternate; the message is the template's own
   */
  public List<Segment> render(Conversation conversation) {
    Arrangement arrangement = new Arrangement(abilities);
    Conversation arranged = arrangement.of(conversation);
    try {
      return segments(messages.render(arranged, abilities.shape()));
    } catch (TemplateException e) {
      Conversation alternating = arrangement.alternating(arranged);
      if (e.kind() == TemplateException.Kind.LIMIT || alternating.equals(arranged)) {
        throw e;
      }
      return segments(messages.render(alternating, abilities.shape()));
    }
  }

  private static List<Segment> segments(Text text) {
    List<Segment> segments = new ArrayList<>();
    text.runs((part, trusted) -> segments.add(new Segment(part, trusted)));
    return List.copyOf(segments);
  }
}
