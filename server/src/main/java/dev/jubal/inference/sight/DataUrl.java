package dev.jubal.inference.sight;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/** URLs that hold a picture: {@code data:image/png;base64,...}. */
final class DataUrl {
  private static final String SCHEME = "data:";
  private static final Set<String> TYPES =
      Set.of("image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp");
  private static final int MOST_HEAD = 100;

  private DataUrl() {}

  static boolean is(String url) {
    return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /** The bytes, whatever they are. */
  static byte[] bytes(String url) throws BadPicture {
    int comma = url.indexOf(',');
    if (comma < 0 || comma > MOST_HEAD) {
      throw new BadPicture("a data URL without \";base64,\" (expected: data:image/png;base64,...)");
    }
    String head = url.substring(SCHEME.length(), comma).toLowerCase(Locale.ROOT);
    String type = head.indexOf(';') < 0 ? head : head.substring(0, head.indexOf(';'));
    if (!head.endsWith(";base64") || !TYPES.contains(type.strip())) {
      throw new BadPicture(
          "a data URL of \"" + head + "\" (expected: image/png, jpeg, gif or webp; base64)");
    }
    if ((url.length() - comma) / 4L * 3 > Sight.MOST_BYTES + 4L) {
      throw Sight.tooLarge();
    }
    try {
      byte[] text = url.substring(comma + 1).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getMimeDecoder().decode(strict(text));
    } catch (IllegalArgumentException e) {
      throw new BadPicture("a data URL whose base64 does not decode (expected: base64)");
    }
  }

  /** Line ends pass, as encoders break lines; anything else that is no base64 does not. */
  private static byte[] strict(byte[] text) {
    for (byte b : text) {
      boolean base64 =
          (b >= 'A' && b <= 'Z')
              || (b >= 'a' && b <= 'z')
              || (b >= '0' && b <= '9')
              || b == '+'
              || b == '/'
              || b == '='
              || b == '\r'
              || b == '\n';
      if (!base64) {
        throw new IllegalArgumentException("no base64");
      }
    }
    return text;
  }
}
