package dev.jubal.account;

import dev.jubal.account.token.ClientToken;
import java.util.Optional;

/**
 * By what a caller came in.
 *
 * @param mark of the key's secret, for what is made by it; empty for work that goes on without its
 *     client
 * @param token where that was a token made from the key
 */
public record Credential(String mark, Optional<ClientToken> token) {
  /** Of work that goes on without its client. */
  public static final Credential NONE = new Credential("", Optional.empty());
}
