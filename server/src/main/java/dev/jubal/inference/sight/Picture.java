package dev.jubal.inference.sight;

import java.util.Optional;

/**
 * What may be kept of a picture without keeping the picture.
 *
 * @param sha256 of its bytes, in hexadecimal
 * @param width in pixels
 * @param height in pixels
 */
public record Picture(String sha256, int width, int height, PictureFormat format) {

  /** The picture in a data URL, empty when it is no such URL or holds none. */
  public static Optional<Picture> of(String url) {
    if (!DataUrl.is(url)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = DataUrl.bytes(url);
      return Optional.of(of(bytes, Head.read(bytes)));
    } catch (BadPicture e) {
      return Optional.empty();
    }
  }

  static Picture of(byte[] bytes, Head head) {
    return new Picture(Hashes.sha256(bytes), head.width(), head.height(), head.format());
  }
}
