package dev.jubal.platform.trace;

import org.jspecify.annotations.Nullable;

/**
 * The server as a client names it, in {@code Host} or {@code :authority}.
 *
 * @param host empty for none
 * @param port -1 for none
 */
public record Authority(String host, int port) {
  private static final int LONGEST = 255;

  /** Of the header's text. */
  public static Authority of(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > LONGEST) {
      return new Authority("", -1);
    }
    String bare = text.substring(text.lastIndexOf('@') + 1);
    int colon = bare.lastIndexOf(':');
    if (colon < 0 || bare.endsWith("]")) {
      return new Authority(bare, -1);
    }
    try {
      return new Authority(bare.substring(0, colon), Integer.parseInt(bare.substring(colon + 1)));
    } catch (NumberFormatException e) {
      return new Authority(bare.substring(0, colon), -1);
    }
  }

  /** Says it of a request. */
  public void tell(Trace trace) {
    if (!host.isEmpty()) {
      trace.served(this);
    }
  }
}
