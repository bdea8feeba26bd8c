package dev.jubal.inference.sight;

import java.util.Locale;

/** The formats that are taken. */
public enum PictureFormat {
  PNG,
  JPEG,
  GIF,
  WEBP;

  /** Such as image/png. */
  public String mediaType() {
    return "image/" + name().toLowerCase(Locale.ROOT);
  }

  String shown() {
    return this == WEBP ? "WebP" : name();
  }
}
