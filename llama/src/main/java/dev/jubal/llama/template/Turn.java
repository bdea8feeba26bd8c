package dev.jubal.llama.template;

import java.util.List;

/**
 * One message of a conversation.
 *
 * @param role system, developer, user, assistant, tool or any other name; never empty
 * @param content its text, possibly empty; of a tool, what the call gave
 * @param calls that an assistant made
 * @param callId of a tool: the call it answers, else empty
 * @param thought of an assistant: what it thought before, possibly empty
 */
public record Turn(String role, String content, List<Call> calls, String callId, String thought) {
  public Turn {
    calls = List.copyOf(calls);
    if (role.isEmpty()) {
      throw new IllegalArgumentException("role: '' (expected: a name such as user)");
    }
  }

  /** A turn that is text alone. */
  public Turn(String role, String content) {
    this(role, content, List.of(), "", "");
  }

  /** An assistant's calls, after some text or none. */
  public static Turn calls(String content, List<Call> calls) {
    return new Turn("assistant", content, calls, "", "");
  }

  /** What a call gave. */
  public static Turn result(String callId, String output) {
    return new Turn("tool", output, List.of(), callId, "");
  }

  /**
   * A call of a function.
   *
   * @param arguments JSON text, an object; anything else is shown as it stands
   */
  public record Call(String id, String name, String arguments) {}

  Turn withContent(String text) {
    return new Turn(role, text, calls, callId, thought);
  }

  /** The same after a thought. */
  public Turn withThought(String before) {
    return before.equals(thought) ? this : new Turn(role, content, calls, callId, before);
  }
}
