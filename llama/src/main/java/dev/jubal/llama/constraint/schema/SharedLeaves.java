package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.Leaf;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leaves that forms have in common, the least recently used dropped when there are too many.
 * Thread-safe. A leaf costs a form the same budget, once, whether it is found or made, so whether a
 * form is refused does not depend on what came before it.
 */
public final class SharedLeaves {
  private static final long MOST_BYTES = 64 << 20;
  private static final long STEPS = 40_000_000;
  private static final long BYTES = 48 << 20;

  private record Kept(Leaf leaf, long steps, long bytes) {}

  private final Map<String, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  /** The leaf of a key, made if it is new. Two threads may make the same at the same time. */
  Leaf get(String key, Budget budget, Function<Budget, Leaf> making) {
    Kept known = find(key);
    if (known == null) {
      Budget own = new Budget(STEPS, BYTES);
      Leaf leaf = making.apply(own);
      known = keep(key, new Kept(leaf, own.spentSteps(), own.spentBytes()));
    }
    if (budget.first(key)) {
      budget.steps(known.steps);
      budget.bytes(known.bytes);
    }
    return known.leaf;
  }

  private synchronized @Nullable Kept find(String key) {
    return kept.get(key);
  }

  private synchronized Kept keep(String key, Kept made) {
    Kept other = kept.putIfAbsent(key, made);
    if (other != null) {
      return other;
    }
    bytes += made.leaf.bytes() + 2L * key.length();
    Iterator<Map.Entry<String, Kept>> eldest = kept.entrySet().iterator();
    while (bytes > MOST_BYTES && kept.size() > 1) {
      Map.Entry<String, Kept> entry = eldest.next();
      bytes -= entry.getValue().leaf.bytes() + 2L * entry.getKey().length();
      eldest.remove();
    }
    return made;
  }
}
