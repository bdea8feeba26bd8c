package dev.jubal.inference.memory;

import dev.jubal.inference.Item;
import dev.jubal.inference.sight.Picture;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pictures of what is stored: those that came as data are kept as their hash and dimensions, unless
 * the team's terms keep them; an address stays an address, which is not asked again.
 */
final class KeptPictures {
  private static final String NAME = "urn:jubal:picture:";
  private static final Pattern NAMED = Pattern.compile(NAME + "([0-9a-f]{64}):([0-9?]+x[0-9?]+)");
  private static final Pattern DATA =
      Pattern.compile("data:[^,]*?;base64,", Pattern.CASE_INSENSITIVE);

  private KeptPictures() {}

  /** Without the pictures themselves. */
  static List<Kept> withoutData(List<Kept> kept) {
    return mapped(kept, KeptPictures::named);
  }

  /** With words in the place of pictures that were not kept, for a model. */
  static List<Kept> withWords(List<Kept> kept) {
    return mapped(kept, KeptPictures::inWords);
  }

  private static List<Kept> mapped(List<Kept> kept, UnaryOperator<Item.Part> change) {
    return kept.stream()
        .map(k -> k.withItems(k.items().stream().map(i -> mapped(i, change)).toList()))
        .toList();
  }

  private static Item mapped(Item item, UnaryOperator<Item.Part> change) {
    return switch (item) {
      case Item.Message m -> new Item.Message(m.role(), m.content().stream().map(change).toList());
      case Item.FunctionCallOutput o ->
          new Item.FunctionCallOutput(o.callId(), o.content().stream().map(change).toList());
      case Item.FunctionCall _, Item.Reasoning _ -> item;
    };
  }

  private static Item.Part named(Item.Part part) {
    if (!(part instanceof Item.Part.Image image) || !DATA.matcher(image.url()).lookingAt()) {
      return part;
    }
    String name =
        Picture.of(image.url())
            .map(p -> p.sha256() + ":" + p.width() + "x" + p.height())
            .orElse("0".repeat(64) + ":?x?"); // nothing that could be looked at
    return new Item.Part.Image(NAME + name, image.detail());
  }

  private static Item.Part inWords(Item.Part part) {
    if (!(part instanceof Item.Part.Image image)) {
      return part;
    }
    Matcher named = NAMED.matcher(image.url());
    if (named.matches()) {
      return new Item.Part.Text(
          "[A picture of "
              + named.group(2)
              + " pixels was here; it was not kept. SHA-256 "
              + named.group(1)
              + "]");
    }
    // what an address leads to changes or goes, which must not end a conversation for ever
    return DATA.matcher(image.url()).lookingAt()
        ? image
        : new Item.Part.Text(
            "[A picture was here, at " + image.url() + "; it is not looked at again]");
  }
}
