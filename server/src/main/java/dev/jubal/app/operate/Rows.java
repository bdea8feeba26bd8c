package dev.jubal.app.operate;

import java.util.List;
import java.util.Optional;

/**
 * How things of one kind become rows. Failures are those of the stores, whose messages hold the
 * value and what was expected.
 */
interface Rows {
  /**
   * Makes one.
   *
   * @param thing with all values; its parent has a row
   * @return the id of its row
   */
  String make(Thing thing);

  /**
   * Changes one.
   *
   * @param old as it is
   * @param next as it is to be; the naming values are the same
   */
  void change(Thing old, Thing next);

  /** What came to be with one that was made, as the database has it. */
  default List<Thing> alongside(Thing made) {
    return List.of();
  }

  /** Why none is ever removed, where that is so. */
  default Optional<String> lasting() {
    return Optional.empty();
  }

  /** Removes one. */
  void remove(Thing thing);

  /**
   * Gives one the secret of a reference, if it has another one.
   *
   * @return whether it had
   */
  default boolean secret(Thing thing, String reference) {
    return false;
  }
}
