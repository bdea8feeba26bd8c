package dev.jubal.inference.memory;

import dev.jubal.inference.Item;
import dev.jubal.inference.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a response continues: all that was given and said up to the end of the previous one.
 *
 * @param instructions those of the previous response
 * @param kept input and output by turns, oldest first
 * @param tools what the previous response could call
 */
public record Conversation(Optional<String> instructions, List<Kept> kept, Tools tools) {
  /** Nothing before. */
  public static final Conversation NEW = new Conversation(Optional.empty(), List.of(), Tools.NONE);

  public Conversation {
    kept = List.copyOf(kept);
  }

  /**
   * That of responses that continue each other.
   *
   * @param chain oldest first, not empty
   */
  public static Conversation of(List<StoredResponse> chain) {
    List<Kept> kept = new ArrayList<>();
    for (StoredResponse response : chain) {
      kept.addAll(response.content().input());
      kept.addAll(response.content().output());
    }
    StoredResponse.Content last = chain.getLast().content();
    return new Conversation(last.instructions(), kept, last.tools());
  }

  /** This, and then a response that continues it. */
  public Conversation and(StoredResponse.Content next) {
    List<Kept> all = new ArrayList<>(kept);
    all.addAll(next.input());
    all.addAll(next.output());
    return new Conversation(next.instructions(), all, next.tools());
  }

  /** What a model is given of it, without the instructions. */
  public List<Item> items() {
    return Kept.items(kept);
  }

  /** Whether it holds a call of that id, which an output may answer. */
  public boolean called(String callId) {
    return kept.stream()
        .flatMap(k -> k.items().stream())
        .anyMatch(i -> i instanceof Item.FunctionCall c && c.callId().equals(callId));
  }

  /** The item of an id. */
  public Optional<Kept> find(String itemId) {
    return kept.stream().filter(k -> k.id().equals(itemId)).findFirst();
  }
}
