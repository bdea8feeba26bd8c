package dev.jubal.api;

import dev.jubal.account.Principal;
import dev.jubal.inference.catalogue.Model;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of a row that a caller may use.
 *
 * @param all the row's own id first
 * @param aliases those that are not the id
 */
public record UsableNames(List<String> all, List<String> aliases) {

  /** Those that the caller's ACL rows permit; who may use the id may use its aliases. */
  public static UsableNames of(Model row, Principal caller) {
    boolean own = caller.mayUse(row.id());
    List<String> aliases = row.aliases().stream().filter(a -> own || caller.mayUse(a)).toList();
    List<String> all = new ArrayList<>();
    if (own) {
      all.add(row.id());
    }
    all.addAll(aliases);
    return new UsableNames(all, aliases);
  }
}
