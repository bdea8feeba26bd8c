package dev.jubal.inference.sight;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes what {@link Head} let pass, at a scale that fits: never more than {@link #MOST} pixels
 * come to lie in memory, however many there are.
 */
final class Pixels {
  /** An A4 page at 200 dots an inch. */
  static final long MOST = 4_000_000;

  /** The WebP decoder knows no scale, and holds some 25 bytes for each pixel. */
  private static final long MOST_WEBP = 8_000_000;

  private Pixels() {}

  /**
   * The picture, smaller by a whole factor if need be; empty when it is whole, but of a kind that
   * is not decoded here, such as the JPEG of a printer's four colours.
   *
   * @throws BadPicture when it is broken
   */
  static Optional<BufferedImage> decode(byte[] bytes, Head head) throws BadPicture {
    long pixels = (long) head.width() * head.height();
    if (head.format() == PictureFormat.WEBP && pixels > MOST_WEBP) {
      return Optional.empty();
    }
    if (head.format() == PictureFormat.JPEG && JpegHead.components(bytes) > 3) {
      return Optional.empty(); // the decoder takes a printer's colours for others
    }
    byte[] bare = head.format() == PictureFormat.PNG ? PngHead.bare(bytes) : bytes;
    ImageReader reader = reader(head.format());
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bare))) {
      reader.setInput(in, true, true);
      if (reader.getWidth(0) > head.width() || reader.getHeight(0) > head.height()) {
        throw Head.broken(head.format().shown()); // its head lied
      }
      ImageReadParam param = reader.getDefaultReadParam();
      int step = (int) Math.ceil(Math.sqrt((double) pixels / MOST));
      param.setSourceSubsampling(step, step, 0, 0);
      return Optional.of(reader.read(0, param));
    } catch (IIOException e) {
      if (unsupported(e)) {
        return Optional.empty();
      }
      throw Head.broken(head.format().shown());
    } catch (IOException | RuntimeException e) {
      throw Head.broken(head.format().shown());
    } finally {
      reader.dispose();
    }
  }

  private static boolean unsupported(IIOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("unsupported");
  }

  private static ImageReader reader(PictureFormat format) throws BadPicture {
    if (format == PictureFormat.WEBP) {
      return new WebPImageReaderSpi().createReaderInstance(null);
    }
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
    if (!readers.hasNext()) {
      throw new BadPicture("a " + format.shown() + ", for which this server has no decoder");
    }
    return readers.next();
  }
}
