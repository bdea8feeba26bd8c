package dev.jubal.llama.template;

import dev.jubal.llama.Segment;
import java.util.List;

/**
 * Renders a conversation as the prompt of one model family. Immutable and thread-safe.
 *
 * <p>The text of all segments joined is byte for byte what the family's own template gives; only
 * the family's markers are special segments, so neither a role nor a content can forge one.
 */
public interface ChatTemplate {

  /**
   * The prompt of a conversation.
   *
   * @param turns in any order of roles; {@code developer} is read as {@code system}
   * @param generationPrompt whether the prompt ends where the assistant's answer begins
   */
  List<Segment> render(List<Turn> turns, boolean generationPrompt);
}
