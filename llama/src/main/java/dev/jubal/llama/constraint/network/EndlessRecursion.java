package dev.jubal.llama.constraint.network;

/** A rule calls itself before it has read anything. */
public final class EndlessRecursion extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EndlessRecursion() {
    super("a recursion that reads something between two turns", null, false, false);
  }
}
