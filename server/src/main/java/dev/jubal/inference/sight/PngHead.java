package dev.jubal.inference.sight;

import java.io.ByteArrayOutputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The chunks of a PNG. Source: the PNG specification, third edition. */
final class PngHead {
  private static final int FIRST = 8;

  /** What makes pixels; all else may be packed so that it bursts. */
  private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  private PngHead() {}

  static Head read(Bytes b) throws BadPicture {
    if (!b.text(FIRST + 4, 4).equals("IHDR")) {
      throw Head.broken("PNG");
    }
    byte @Nullable [] exif = null;
    boolean data = false;
    int at = FIRST;
    while (true) {
      long length = b.u32(at);
      String type = b.text(at + 4, 4);
      if (length > b.size() - at - 12L) {
        throw Head.broken("PNG");
      }
      switch (type) {
        case "acTL" -> throw Head.animated("PNG");
        case "IDAT" -> data = true;
        case "eXIf" -> exif = length <= Head.MOST_EXIF ? b.copy(at + 8, (int) length) : exif;
        default -> {
          // says nothing that is asked for
        }
      }
      if (type.equals("IEND")) {
        break;
      }
      at += (int) length + 12;
    }
    if (!data) {
      throw Head.broken("PNG");
    }
    return new Head(PictureFormat.PNG, side(b.u32(FIRST + 8)), side(b.u32(FIRST + 12)), exif);
  }

  private static int side(long value) {
    return (int) Math.min(value, Integer.MAX_VALUE);
  }

  /** The same picture with nothing but its pixels. */
  static byte[] bare(byte[] png) {
    Bytes b = new Bytes(png);
    ByteArrayOutputStream bare = new ByteArrayOutputStream(png.length);
    bare.write(png, 0, FIRST);
    int at = FIRST;
    while (true) {
      int whole = (int) b.u32(at) + 12;
      String type = b.text(at + 4, 4);
      if (PIXELS.contains(type)) {
        bare.write(png, at, whole);
      }
      if (type.equals("IEND")) {
        return bare.toByteArray();
      }
      at += whole;
    }
  }
}
