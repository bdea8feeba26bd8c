package dev.jubal.platform.http;

import org.jspecify.annotations.Nullable;

/** Station 2 as the listener sees it: lets a call in, or throws. */
@FunctionalInterface
public interface Guard {
  /**
   * Who calls, null on a public route.
   *
   * @throws dev.jubal.platform.error.ApiException 401, 403 or 429
   */
  @Nullable Object admit(Call call);

  /** Whose it is what a caller has open, such as sockets: the same for all that count together. */
  default Object owner(Object caller) {
    return caller;
  }
}
