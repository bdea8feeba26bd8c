package dev.jubal.inference.sight;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.charset.StandardCharsets;

/**
 * A picture in greys, on white, in the simplest of all formats: what a reader of text is given, so
 * that its own decoders never see a stranger's bytes.
 *
 * @param pgm a PGM of at most about {@link Pixels#MOST} pixels
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Page(byte[] pgm) {
  private static final int BORDER = 16;

  /** Smaller pictures are enlarged: letters of screens are too small to be read well. */
  private static final int SMALL = 1000;

  static Page of(BufferedImage image) {
    int longest = Math.max(image.getWidth(), image.getHeight());
    int scale = longest < SMALL / 2 ? 3 : longest < SMALL ? 2 : 1;
    int width = image.getWidth() * scale;
    int height = image.getHeight() * scale;
    BufferedImage grey =
        new BufferedImage(width + 2 * BORDER, height + 2 * BORDER, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D pen = grey.createGraphics();
    try {
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, grey.getWidth(), grey.getHeight());
      pen.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      pen.drawImage(image, BORDER, BORDER, width, height, null);
    } finally {
      pen.dispose();
    }
    byte[] head =
        ("P5\n" + grey.getWidth() + " " + grey.getHeight() + "\n255\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] pixels = ((DataBufferByte) grey.getRaster().getDataBuffer()).getData();
    byte[] pgm = new byte[head.length + pixels.length];
    System.arraycopy(head, 0, pgm, 0, head.length);
    System.arraycopy(pixels, 0, pgm, head.length, pixels.length);
    return new Page(pgm);
  }
}
