package dev.jubal.inference.memory;

import dev.jubal.inference.Item;
import java.util.List;
import java.util.Optional;

/**
 * One item of a conversation as it is remembered.
 *
 * @param id by which clients refer to it, unique in its response
 * @param items what it is to a model: one item, or, of a compaction, those it stands for
 * @param phase of a message of an assistant, whether it was commentary or the answer, when said
 * @param sealed of a compaction, the opaque text that clients hold
 */
public record Kept(String id, List<Item> items, Optional<String> phase, Optional<String> sealed) {
  public Kept {
    items = List.copyOf(items);
  }

  public static Kept of(String id, Item item) {
    return new Kept(id, List.of(item), Optional.empty(), Optional.empty());
  }

  Kept withItems(List<Item> others) {
    return new Kept(id, others, phase, sealed);
  }

  /** All that a model is given of them. */
  public static List<Item> items(List<Kept> kept) {
    return kept.stream().flatMap(k -> k.items().stream()).toList();
  }
}
