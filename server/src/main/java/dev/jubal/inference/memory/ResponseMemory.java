package dev.jubal.inference.memory;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.platform.error.ApiException;
import java.util.List;
import java.util.Optional;

/**
 * Stored responses. Another team's are as unknown as those that never were. Thread-safe; what reads
 * or writes blocks.
 */
public interface ResponseMemory {

  /**
   * Whether what this caller asks to be stored is stored. Called before a request is admitted, so
   * that one that cannot be stored costs nothing.
   *
   * @return false for a team of zero retention
   * @throws ApiException 503 when nothing can be sealed for the team now, 400 when the team has as
   *     much as it may have
   */
  boolean stores(Principal caller);

  /**
   * What writes a response of the caller's team, or its newer state, in the settlement's
   * transaction. Sealed when this returns; writes nothing for a team of zero retention.
   */
  Companion keeping(Principal caller, StoredResponse response);

  /**
   * Writes a response that is under way, or its newer state, in a transaction of its own.
   *
   * @throws ApiException 503 when the database cannot be written
   */
  void put(Principal caller, StoredResponse response);

  /**
   * The response of an id, of whatever status.
   *
   * @return empty when it is unknown, another team's, deleted or expired
   * @throws ApiException 500 when it cannot be opened, 503 when the database cannot be read
   */
  Optional<StoredResponse> find(String teamId, String id);

  /**
   * What a response that continues another has before it.
   *
   * @throws ApiException 400 PREVIOUS_RESPONSE_NOT_FOUND when that, or one that it continues, is
   *     unknown, another team's, deleted or expired, and 400 when it has not ended well; as {@link
   *     #find} else
   */
  Conversation conversation(String teamId, String previousId);

  /**
   * All that a response was given: what it continues as far as that is still there, oldest first,
   * and its own input.
   *
   * @return empty as {@link #find}
   */
  Optional<List<Kept>> given(String teamId, String id);

  /** Deletes a response for good; returns whether there was one. */
  boolean delete(String teamId, String id);
}
