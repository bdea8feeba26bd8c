package dev.jubal.inference.sight;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a picture says of itself before a pixel is decoded, so that one that would not fit into
 * memory is refused unseen.
 *
 * @param exif the TIFF block with the camera's data, if there is one
 */
record Head(PictureFormat format, int width, int height, byte @Nullable [] exif) {
  private static final int MOST_SIDE = 16_384;
  private static final long MOST_PIXELS = 40_000_000;

  /** Larger blocks of camera data are left aside: a JPEG cannot hold them. */
  static final int MOST_EXIF = 65_536;

  private interface Reader {
    Head read(Bytes bytes) throws BadPicture;
  }

  private record Known(byte[] magic, int at, Reader reader) {}

  private static final List<Known> FORMATS =
      List.of(
          new Known(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}, 0, PngHead::read),
          new Known(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff}, 0, JpegHead::read),
          new Known(new byte[] {'G', 'I', 'F', '8'}, 0, GifHead::read),
          new Known(new byte[] {'W', 'E', 'B', 'P'}, 8, WebpHead::read));

  /**
   * Reads a head.
   *
   * @throws BadPicture when it is of no known format, broken, animated or too large
   */
  static Head read(byte[] bytes) throws BadPicture {
    for (Known known : FORMATS) {
      int end = known.at + known.magic.length;
      if (bytes.length > end
          && Arrays.equals(known.magic, 0, end - known.at, bytes, known.at, end)) {
        try {
          return checked(known.reader.read(new Bytes(bytes)));
        } catch (IndexOutOfBoundsException e) {
          throw new BadPicture("a picture that ends early (expected: a whole one)");
        }
      }
    }
    throw new BadPicture("bytes of no known format (expected: PNG, JPEG, GIF or WebP)");
  }

  private static Head checked(Head head) throws BadPicture {
    sides(head.width, head.height);
    return head;
  }

  /** Refuses sides that no decoder should be given. */
  static void sides(int width, int height) throws BadPicture {
    if (width < 1 || height < 1 || width > MOST_SIDE || height > MOST_SIDE) {
      throw new BadPicture(
          width + " x " + height + " pixels (expected: sides from 1 to " + MOST_SIDE + ")");
    }
    if ((long) width * height > MOST_PIXELS) {
      throw new BadPicture(
          width + " x " + height + " pixels (expected: at most " + MOST_PIXELS + " in all)");
    }
  }

  static BadPicture animated(String format) {
    return new BadPicture("an animated " + format + " (expected: a picture that stands still)");
  }

  static BadPicture broken(String format) {
    return new BadPicture("a broken " + format + " (expected: a whole one)");
  }
}
