package dev.jubal.account.keys;

import java.util.Optional;

/** Looks up the row of a key. Thread-safe. */
@FunctionalInterface
public interface KeyDetails {
  /** The key as it stands now, without its secret; empty when there is none of that id. */
  Optional<ApiKey> byId(String id);
}
