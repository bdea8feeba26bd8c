package dev.jubal.inference.sight;

import java.util.Optional;

/**
 * How many tokens a picture counts for, whatever stands behind the name: 256 for each tile of 448 x
 * 448 pixels, of which there are six at most, and 256 for the picture as a whole; looked at with
 * low detail, the whole alone. The form of the rule is that of api.x.ai's guide to pictures.
 */
final class ImageTokens {
  private static final int TILE = 448;
  private static final int TOKENS = 256;
  private static final int MOST_TILES = 6;

  private ImageTokens() {}

  static long of(int width, int height, Optional<String> detail) {
    if (detail.filter("low"::equals).isPresent()) {
      return TOKENS;
    }
    int tiles = Math.ceilDiv(width, TILE) * Math.ceilDiv(height, TILE);
    return (Math.min(tiles, MOST_TILES) + 1L) * TOKENS;
  }
}
