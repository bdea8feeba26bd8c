package dev.jubal.api.signin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of who is signed in. */
final class SignInWire {
  private SignInWire() {}

  /**
   * Who calls.
   *
   * @param kind {@code session} or {@code management_key}
   * @param csrfToken goes into the header x-csrf-token of everything that changes something
   */
  record Me(
      String object,
      String kind,
      String id,
      String name,
      @Nullable String issuer,
      @Nullable String subject,
      List<String> groups,
      List<String> rights,
      @Nullable String expiresAt,
      @Nullable String csrfToken) {}

  /** The end of a session. */
  record Ended(String object, String id, boolean ended) {}
}
