package dev.jubal.inference.sight;

import org.jspecify.annotations.Nullable;

/** The chunks of a WebP. Sources: RFC 9649; RFC 6386 for lossy frames. */
final class WebpHead {
  private static final int FIRST = 12;

  private WebpHead() {}

  static Head read(Bytes b) throws BadPicture {
    long end = b.u32le(4) + 8;
    if (!b.text(0, 4).equals("RIFF") || end > b.size()) {
      throw Head.broken("WebP");
    }
    byte @Nullable [] exif = null;
    int width = 0;
    int height = 0;
    long at = FIRST;
    while (at + 8 <= end) {
      int here = (int) at;
      int data = here + 8;
      long length = b.u32le(here + 4);
      if (length > end - data) {
        throw Head.broken("WebP");
      }
      switch (b.text(here, 4)) {
        case "VP8X" -> { // its canvas is not decoded, but says what it would be
          Head.sides(b.u24le(data + 4) + 1, b.u24le(data + 7) + 1);
          if ((b.u8(data) & 2) != 0) {
            throw Head.animated("WebP");
          }
        }
        case "ANIM", "ANMF" -> throw Head.animated("WebP");
        case "VP8 " -> {
          width = b.u16le(data + 6) & 0x3fff;
          height = b.u16le(data + 8) & 0x3fff;
        }
        case "VP8L" -> {
          long bits = b.u32le(data + 1);
          width = (int) (bits & 0x3fff) + 1;
          height = (int) (bits >> 14 & 0x3fff) + 1;
        }
        case "EXIF" -> exif = length <= Head.MOST_EXIF ? b.copy(data, (int) length) : exif;
        default -> {
          // says nothing that is asked for
        }
      }
      at = data + length + (length & 1);
    }
    if (width == 0) {
      throw Head.broken("WebP");
    }
    return new Head(PictureFormat.WEBP, width, height, exif);
  }
}
