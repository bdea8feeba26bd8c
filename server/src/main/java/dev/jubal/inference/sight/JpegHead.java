package dev.jubal.inference.sight;

import org.jspecify.annotations.Nullable;

/** The segments of a JPEG before its scan. Sources: ITU-T T.81; Exif 2.32. */
final class JpegHead {
  private static final String EXIF = "Exif\0\0";

  private JpegHead() {}

  static Head read(Bytes b) throws BadPicture {
    byte @Nullable [] exif = null;
    int width = 0;
    int height = 0;
    int at = 2;
    while (true) {
      if (b.u8(at) != 0xff) {
        throw Head.broken("JPEG");
      }
      int marker = b.u8(at + 1);
      if (marker == 0xff) {
        at++; // filling
        continue;
      }
      int length = b.u16(at + 2);
      if (marker == 0xda) {
        break; // the scan begins
      }
      if (length < 2 || marker == 0xd9) {
        throw Head.broken("JPEG");
      }
      if (frame(marker)) {
        height = b.u16(at + 5);
        width = b.u16(at + 7);
      } else if (marker == 0xe1 && length >= 8 && b.text(at + 4, 6).equals(EXIF)) {
        exif = b.copy(at + 10, length - 8);
      }
      at += 2 + length;
    }
    if (width == 0 || !ends(b, at)) {
      throw Head.broken("JPEG");
    }
    return new Head(PictureFormat.JPEG, width, height, exif);
  }

  /** How many colours its pixels have, of one whose head was read. */
  static int components(byte[] jpeg) {
    Bytes b = new Bytes(jpeg);
    int at = 2;
    while (b.u8(at + 1) == 0xff || !frame(b.u8(at + 1))) {
      at += b.u8(at + 1) == 0xff ? 1 : 2 + b.u16(at + 2);
    }
    return b.u8(at + 9);
  }

  private static boolean frame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Whether the end is marked; something else may follow it. */
  private static boolean ends(Bytes b, int from) {
    for (int at = b.size() - 2; at > from; at--) {
      if (b.u8(at) == 0xff && b.u8(at + 1) == 0xd9) {
        return true;
      }
    }
    return false;
  }
}
