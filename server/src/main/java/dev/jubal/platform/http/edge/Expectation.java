package dev.jubal.platform.http.edge;

import io.netty.util.AsciiString;

/** That a client waits to be asked for its body. */
public final class Expectation {
  /**
   * Stands in the place of {@code Expect: 100-continue}, which the framework would answer by
   * itself, before the key was looked at.
   */
  public static final AsciiString HEADER = AsciiString.cached("x-jubal-waits-to-be-asked");

  private Expectation() {}
}
