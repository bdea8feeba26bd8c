package dev.jubal.account.lease;

import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Session;

/** Who uses parts of a kind in this process. Thread-safe. */
public interface Lender {
  /** How the names of its parts begin. */
  String prefix();

  /**
   * Gives back what is not used of a part.
   *
   * @throws DatabaseException when that cannot be written; it will be asked again
   */
  void giveBack(String name);

  /** Everything that was lent is void, as others took over; nothing may be used any more. */
  void lost();

  /**
   * Holds anew what is in use all the same.
   *
   * @throws DatabaseException when that cannot be written; it will be asked again
   */
  void cover();

  /** Writes what still counts of a node that is gone, before its parts are taken away. */
  void inherit(Session s, String node);
}
