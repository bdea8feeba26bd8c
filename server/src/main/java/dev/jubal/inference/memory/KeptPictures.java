package dev.jubal.inference.memory;

import dev.jubal.inference.Item;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Pictures of what is stored: those that came as data are kept as their hash and dimensions, unless
 * the team's terms keep them; an address stays an address.
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
    if (!(part instanceof Item.Part.Image image)) {
      return part;
    }
    Matcher data = DATA.matcher(image.url());
    if (!data.lookingAt()) {
      return image;
    }
    byte[] bytes = Base64.getMimeDecoder().decode(image.url().substring(data.end()));
    return new Item.Part.Image(NAME + sha256(bytes) + ":" + dimensions(bytes), image.detail());
  }

  private static Item.Part inWords(Item.Part part) {
    if (part instanceof Item.Part.Image image) {
      Matcher named = NAMED.matcher(image.url());
      if (named.matches()) {
        return new Item.Part.Text(
            "[A picture of "
                + named.group(2)
                + " pixels was here; it was not kept. SHA-256 "
                + named.group(1)
                + "]");
      }
    }
    return part;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a JDK without SHA-256", e);
    }
  }

  /** Width and height by the head of the file, question marks where no reader knows its form. */
  private static String dimensions(byte[] bytes) {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (readers.hasNext()) {
        ImageReader reader = readers.next();
        try {
          reader.setInput(in);
          return reader.getWidth(0) + "x" + reader.getHeight(0);
        } finally {
          reader.dispose();
        }
      }
    } catch (IOException | RuntimeException e) {
      return "?x?"; // whoever shows it says what is wrong with it
    }
    return "?x?";
  }
}
