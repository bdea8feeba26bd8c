package dev.jubal.inference.sight;

import java.awt.image.BufferedImage;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The colours that most of a picture has, by their everyday names. */
final class Colours {
  private static final int GRID = 128;
  private static final int SHOWN = 5;
  private static final double LEAST = 0.02;

  private Colours() {}

  private static final class Bucket {
    private final String name;
    private final int rgb;
    private long count;
    private long red;
    private long green;
    private long blue;

    Bucket(String name, int rgb) {
      this.name = name;
      this.rgb = rgb;
    }

    void add(int seen) {
      count++;
      red += seen >> 16 & 0xff;
      green += seen >> 8 & 0xff;
      blue += seen & 0xff;
    }

    /** Weighs green most, as eyes do. */
    int distance(int other) {
      int r = (rgb >> 16 & 0xff) - (other >> 16 & 0xff);
      int g = (rgb >> 8 & 0xff) - (other >> 8 & 0xff);
      int b = (rgb & 0xff) - (other & 0xff);
      return 3 * r * r + 4 * g * g + 2 * b * b;
    }

    String shown(long all) {
      return String.format(
          Locale.ROOT,
          "%s #%02x%02x%02x %d %%",
          name,
          red / count,
          green / count,
          blue / count,
          Math.round(100.0 * count / all));
    }
  }

  private static List<Bucket> buckets() {
    return Stream.of(
            new Bucket("black", 0x000000),
            new Bucket("dark grey", 0x404040),
            new Bucket("grey", 0x808080),
            new Bucket("light grey", 0xc0c0c0),
            new Bucket("white", 0xffffff),
            new Bucket("red", 0xd02020),
            new Bucket("dark red", 0x700010),
            new Bucket("orange", 0xf08020),
            new Bucket("brown", 0x704020),
            new Bucket("yellow", 0xf0e020),
            new Bucket("beige", 0xe8d8b0),
            new Bucket("green", 0x20a030),
            new Bucket("dark green", 0x104820),
            new Bucket("light green", 0x90e080),
            new Bucket("turquoise", 0x20b0b0),
            new Bucket("light blue", 0x90c0f0),
            new Bucket("blue", 0x2050d0),
            new Bucket("dark blue", 0x101860),
            new Bucket("violet", 0x7030b0),
            new Bucket("magenta", 0xd020c0),
            new Bucket("pink", 0xf8a0c0))
        .toList();
  }

  /** Such as "white #fefefe 82 %", most first. */
  static List<String> of(BufferedImage image) {
    List<Bucket> buckets = buckets();
    int columns = Math.min(GRID, image.getWidth());
    int rows = Math.min(GRID, image.getHeight());
    long clear = 0;
    for (int row = 0; row < rows; row++) {
      int y = (int) ((long) row * image.getHeight() / rows);
      for (int column = 0; column < columns; column++) {
        int argb = image.getRGB((int) ((long) column * image.getWidth() / columns), y);
        if (argb >>> 24 < 128) {
          clear++;
        } else {
          nearest(buckets, argb).add(argb);
        }
      }
    }
    long all = (long) rows * columns;
    Stream<String> seen =
        buckets.stream()
            .filter(b -> b.count > all * LEAST)
            .sorted(Comparator.comparingLong((Bucket b) -> b.count).reversed())
            .limit(SHOWN)
            .map(b -> b.shown(all));
    Stream<String> nothing =
        clear > all * LEAST
            ? Stream.of("transparent " + Math.round(100.0 * clear / all) + " %")
            : Stream.empty();
    return Stream.concat(seen, nothing).toList();
  }

  private static Bucket nearest(List<Bucket> buckets, int rgb) {
    Bucket best = buckets.getFirst();
    for (Bucket bucket : buckets) {
      if (bucket.distance(rgb) < best.distance(rgb)) {
        best = bucket;
      }
    }
    return best;
  }
}
