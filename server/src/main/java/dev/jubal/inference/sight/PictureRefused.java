package dev.jubal.inference.sight;

/**
 * The cause of an error about one picture, by which a dialect finds the field that held it.
 *
 * <p>The place is counted from the end: what a stored conversation puts before a request does not
 * shift it.
 */
public final class PictureRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int fromEnd;

  PictureRefused(int fromEnd) {
    super("the picture at " + fromEnd + " from the end", null, false, false);
    this.fromEnd = fromEnd;
  }

  /** 1 for the last picture of the request. */
  public int fromEnd() {
    return fromEnd;
  }
}
