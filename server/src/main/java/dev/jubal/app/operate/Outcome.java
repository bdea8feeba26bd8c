package dev.jubal.app.operate;

import java.util.List;

/**
 * What an application of a file did, or would do.
 *
 * @param changes in the order in which they were made
 * @param unchanged how many things of the file were as they should be
 * @param issued secrets that were made; to be shown this once
 */
public record Outcome(List<Change> changes, long unchanged, List<Issued> issued) {
  public Outcome {
    changes = List.copyOf(changes);
    issued = List.copyOf(issued);
  }

  /** What happened to a thing. */
  public enum Kind {
    CREATED,
    CHANGED,
    DELETED,
    /** It is not in the file, and stays, as deleting was not asked for. */
    KEPT
  }

  /**
   * One change.
   *
   * @param path of the thing, such as {@code teams[sales].users[ann]}
   * @param what of it, such as {@code tier: tier-0 -> tier-2}; may be empty
   */
  public record Change(Kind kind, String path, String what) {
    @Override
    public String toString() {
      String word = kind.name().toLowerCase(java.util.Locale.ROOT);
      return word + " ".repeat(9 - word.length()) + path + (what.isEmpty() ? "" : "  " + what);
    }
  }

  /** Whether anything is or would be different. */
  public boolean different() {
    return changes.stream().anyMatch(c -> c.kind() != Kind.KEPT);
  }

  /** How many things that happened to. */
  public long count(Kind kind) {
    return changes.stream().filter(c -> c.kind() == kind).count();
  }
}
