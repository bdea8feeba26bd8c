package dev.jubal.inference.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.Drawing;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before a pixel is decoded, and what is decoded then. */
final class HeadTest {
  static final String LOSSLESS_WEBP =
      "UklGRiwAAABXRUJQVlA4TB8AAAAvJ8AEAA/wqP+H/D/6f/7jAQQCFP3fHA4YENH/wG33AA==";
  private static final String LOSSY_WEBP =
      "UklGRlwAAABXRUJQVlA4IFAAAABwAwCdASooABQAPrVSokwnJKMiKqgA4BaJYwAAPLYQobHAA1AA/vizGv+Rcf+LDJP"
          + "//aMEfP+b9SXD+f83/eaFKq5xJfc9viQ3sKlykQAAAA==";
  private static final String ANIMATED_WEBP =
      "UklGRsoAAABXRUJQVlA4WAoAAAACAAAABwAABwAAQU5JTQYAAAAAAAAAAABBTk1GSgAAAAAAAAAAAAcAAAcAAGQAAAJW"
          + "UDggMgAAADABAJ0BKggACAABQCYloAADcAD+8ut///mwP/bz/wR6Af//0uD//pcH//S4P/SkAAAAQU5NRkwAAAA"
          + "AAAAAAAAHAAAHAABkAAAAVlA4IDQAAAA0AQCdASoIAAgAAAAmJaAAA3AA/ukiH//3nz//ufP/+58/6M///yn7/"
          + "/I4//8jj/5QIAAA";
  private static final String ANIMATED_GIF =
      "R0lGODlhCAAIAIEAAP8AAAAAAAAAAAAAACH/C05FVFNDQVBFMi4wAwEAAAAh+QQACgAAACwAAAAACAAIAAAIDwABCBxI"
          + "sKDBgwgTKkwYEAAh+QQBCgABACwAAAAACAAIAIEA/wAAAAAAAAAAAAAIDwABCBxIsKDBgwgTKkwYEAA7";
  private static final String ANIMATED_PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAACGFjVEwAAAACAAAAAPONk3AAAAAaZmNUTAAAAAAAAAAI"
          + "AAAACAAAAAAAAAAAAAEACgAA8k66YgAAABJJREFUeJxj/M+AHTDhEB+kEgDNQQEP6EHibwAAABpmY1RMAAAAAQ"
          + "AAAAgAAAAIAAAAAAAAAAAAAQAKAABpPVC2AAAAF2ZkQVQAAAACeJxjZPjPgBUwYRcerBIAzEIBD4VMhLYAAAAA"
          + "SUVORK5CYII=";

  private static byte[] decoded(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static String refusal(byte[] bytes) {
    return assertThrows(BadPicture.class, () -> Head.read(bytes)).text();
  }

  @ParameterizedTest
  @CsvSource({"png,PNG", "jpeg,JPEG", "gif,GIF"})
  void formatAndSidesAreReadAndPixelsDecoded(String name, PictureFormat format) throws Exception {
    byte[] bytes = Drawing.plain(name, 300, 200, Color.RED);
    Head head = Head.read(bytes);
    assertEquals(format, head.format());
    assertEquals(300, head.width());
    assertEquals(200, head.height());
    BufferedImage image = Pixels.decode(bytes, head).orElseThrow();
    assertEquals(300, image.getWidth());
    assertTrue(Colours.of(image).getFirst().startsWith("red "), Colours.of(image)::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {LOSSLESS_WEBP, LOSSY_WEBP})
  void aWebpIsReadAndDecoded(String base64) throws Exception {
    Head head = Head.read(decoded(base64));
    assertEquals(PictureFormat.WEBP, head.format());
    assertEquals(40, head.width());
    assertEquals(20, head.height());
    BufferedImage image = Pixels.decode(decoded(base64), head).orElseThrow();
    String colours = Colours.of(image).toString();
    assertTrue(colours.startsWith("[blue "), colours);
    assertTrue(colours.contains("white "), colours);
  }

  @ParameterizedTest
  @ValueSource(strings = {ANIMATED_WEBP, ANIMATED_GIF, ANIMATED_PNG})
  void whatMovesIsRefused(String base64) {
    String text = refusal(decoded(base64));
    assertTrue(text.startsWith("an animated "), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "gif"})
  void aPictureCutAtAnyPlaceIsRefused(String format) {
    byte[] whole = Drawing.text(format, "Hello");
    for (int length = 12; length < whole.length; length += 1 + whole.length / 97) {
      byte[] part = Arrays.copyOf(whole, length);
      String text = refusal(part);
      assertTrue(text.contains("ends early") || text.contains("broken"), text);
    }
  }

  @Test
  void whatIsNoPictureIsRefused() {
    assertTrue(refusal("<svg/>".getBytes(StandardCharsets.UTF_8)).contains("no known format"));
    assertTrue(refusal(new byte[0]).contains("no known format"));
  }

  @Test
  void aPictureThatWouldFillTheMemoryIsRefusedUnseen() throws Exception {
    assertEquals(
        "20000 x 10 pixels (expected: sides from 1 to 16384)", refusal(png(20_000, 10, 2, false)));
    assertEquals(
        "16000 x 16000 pixels (expected: at most 40000000 in all)",
        refusal(png(16_000, 16_000, 2, false)));
    assertEquals("0 x 10 pixels (expected: sides from 1 to 16384)", refusal(png(0, 10, 2, false)));
  }

  @Test
  void aLargePictureIsDecodedSmaller() throws Exception {
    byte[] bytes = Drawing.plain("png", 6000, 5000, Color.BLUE);
    BufferedImage image = Pixels.decode(bytes, Head.read(bytes)).orElseThrow();
    assertTrue((long) image.getWidth() * image.getHeight() <= Pixels.MOST);
  }

  @Test
  void packedTextInAPictureIsNeverUnpacked() throws Exception {
    byte[] bytes = png(8, 8, 3, true);
    assertTrue(bytes.length > 90_000);
    byte[] bare = PngHead.bare(bytes);
    assertTrue(bare.length < 200, () -> bare.length + " bytes");
    assertEquals(8, Pixels.decode(bytes, Head.read(bytes)).orElseThrow().getWidth());
  }

  @Test
  void pixelsThatDoNotDecodeAreABrokenPicture() throws Exception {
    byte[] bytes = Drawing.plain("png", 50, 50, Color.RED);
    Head head = Head.read(bytes);
    Arrays.fill(bytes, 45, bytes.length - 20, (byte) 7);
    BadPicture e = assertThrows(BadPicture.class, () -> Pixels.decode(bytes, head));
    assertEquals("a broken PNG (expected: a whole one)", e.text());
  }

  /** A PNG of one colour; {@code packed} adds 100 MB of text in 100 KB. */
  private static byte[] png(int width, int height, int colourType, boolean packed)
      throws Exception {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    DataOutputStream numbers = new DataOutputStream(head);
    numbers.writeInt(width);
    numbers.writeInt(height);
    numbers.write(new byte[] {8, (byte) colourType, 0, 0, 0});
    chunk(png, "IHDR", head.toByteArray());
    if (colourType == 3) {
      chunk(png, "PLTE", new byte[] {1, 2, 3});
    }
    if (packed) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      text.writeBytes(new byte[] {'k', 0, 0});
      text.writeBytes(deflated(new byte[100_000_000]));
      chunk(png, "zTXt", text.toByteArray());
    }
    chunk(png, "IDAT", deflated(new byte[packed ? (width + 1) * height : 1]));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static byte[] deflated(byte[] data) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(data);
    }
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) throws Exception {
    DataOutputStream numbers = new DataOutputStream(out);
    numbers.writeInt(data.length);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    numbers.write(name);
    numbers.write(data);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    numbers.writeInt((int) crc.getValue());
  }
}
