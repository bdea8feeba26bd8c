package dev.jubal.account.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a token says.
 *
 * @param keyId the key it was made from, which is billed and limited
 * @param mark which secret of that key, as {@code Keyring.Valid} tells it
 * @param expires when it ends; whole seconds
 * @param acls rows it may use, as far as the key holds them by then
 * @param endUser for whom every request with it is
 * @param origin of the pages that may send it, such as {@code https://app.example.com}; empty for
 *     everybody
 */
public record ClientToken(
    String keyId,
    String mark,
    Instant expires,
    List<String> acls,
    Optional<String> endUser,
    Optional<String> origin) {
  public ClientToken {
    acls = List.copyOf(acls);
  }
}
