package dev.jubal.inference;

import java.util.List;
import java.util.function.Function;

/** What a model is given. */
public sealed interface Prompt {

  /** Its pictures, in order. */
  default List<Item.Part.Image> pictures() {
    return switch (this) {
      case Text _ -> List.of();
      case Conversation c ->
          c.items.stream()
              .flatMap(i -> Item.parts(i).stream())
              .<Item.Part.Image>mapMulti(
                  (part, next) -> {
                    if (part instanceof Item.Part.Image image) {
                      next.accept(image);
                    }
                  })
              .toList();
    };
  }

  /** The same with another part in the place of each picture. */
  default Prompt withPictures(Function<Item.Part.Image, Item.Part> other) {
    return switch (this) {
      case Text t -> t;
      case Conversation c ->
          new Conversation(c.items.stream().map(i -> Item.withPictures(i, other)).toList());
    };
  }

  /** A conversation, put into the model's own template. */
  record Conversation(List<Item> items) implements Prompt {
    public Conversation {
      items = List.copyOf(items);
    }
  }

  /** Bare text to be continued, without a template (legacy completions). */
  record Text(String text) implements Prompt {}
}
