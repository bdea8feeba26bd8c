package dev.jubal.llama.template;

/**
 * One message of a conversation.
 *
 * @param role system, developer, user, assistant, tool or any other name; never empty
 * @param content its text, possibly empty
 */
public record Turn(String role, String content) {
  public Turn {
    if (role.isEmpty()) {
      throw new IllegalArgumentException("role: '' (expected: a name such as user)");
    }
  }
}
