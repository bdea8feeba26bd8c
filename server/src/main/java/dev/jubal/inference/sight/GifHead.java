package dev.jubal.inference.sight;

/** The blocks of a GIF. Source: the GIF89a specification. */
final class GifHead {
  private GifHead() {}

  static Head read(Bytes b) throws BadPicture {
    int width = b.u16le(6);
    int height = b.u16le(8);
    int frames = 0;
    int at = 13 + table(b.u8(10));
    while (b.u8(at) != 0x3b) {
      switch (b.u8(at)) {
        case 0x21 -> at = skip(b, at + 2);
        case 0x2c -> {
          if (++frames > 1) {
            throw Head.animated("GIF");
          }
          Head.sides(b.u16le(at + 5), b.u16le(at + 7)); // of the frame, which is what is decoded
          width = Math.max(width, b.u16le(at + 5));
          height = Math.max(height, b.u16le(at + 7));
          at = skip(b, at + 10 + table(b.u8(at + 9)) + 1);
        }
        default -> throw Head.broken("GIF");
      }
    }
    if (frames == 0) {
      throw Head.broken("GIF");
    }
    return new Head(PictureFormat.GIF, width, height, null);
  }

  /** Bytes of a colour table that the flags announce. */
  private static int table(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  /** Past sub-blocks to the empty one. */
  private static int skip(Bytes b, int at) {
    int next = at;
    while (b.u8(next) != 0) {
      next += b.u8(next) + 1;
    }
    return next + 1;
  }
}
