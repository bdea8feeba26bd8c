package dev.jubal.api.complete;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HumanTurnsTest {
  @Test
  void theTurnsOfAConversation() {
    assertEquals(
        new Prompt.Conversation(
            List.of(
                Item.Message.text(Role.SYSTEM, "Be brief."),
                Item.Message.text(Role.USER, "Hi\n\nthere"),
                Item.Message.text(Role.ASSISTANT, "Hello."),
                Item.Message.text(Role.USER, "Who are you?"))),
        HumanTurns.of(
            "Be brief.\n\nHuman: Hi\n\nthere\n\nAssistant: Hello.\n\nHuman: Who are you?"
                + "\n\nAssistant:"));
    assertEquals(
        new Prompt.Conversation(List.of(Item.Message.text(Role.USER, "Hi"))),
        HumanTurns.of("Human: Hi\n\nAssistant: "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Once upon a time",
        "\n\nHuman: Hi",
        "\n\nHuman: Hi\n\nAssistant: Well, I",
        "\n\nAssistant:",
        "He said: Human: Hi\nAssistant:"
      })
  void anyOtherTextStaysText(String text) {
    assertEquals(new Prompt.Text(text), HumanTurns.of(text));
  }
}
