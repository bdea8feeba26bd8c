package dev.jubal.llama.scheduler;

import dev.jubal.llama.binding.Context;
import dev.jubal.llama.prefix.PrefixFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;

/** Moves prefixes between slots and disk. Used by the thread that owns the context. */
final class KeptPrefixes {
  /** A shorter one is computed as fast as it is read. */
  private static final int SHORTEST = 64;

  /** Only what prompts have come back for so often is kept. */
  private static final int RETURNS = 2;

  private final Context context;
  private final PrefixFiles files;

  KeptPrefixes(Context context, PrefixFiles files) {
    this.context = context;
    this.files = files;
  }

  /** Fills free slots with what was kept. */
  void restore(Slots slots) {
    Iterator<Slot> empty = slots.all().iterator();
    files.restore(
        saved -> {
          Slot slot = empty.next();
          if (saved.tokens().length >= slot.capacity()
              || !context.restore(slot.sequence, saved.state())) {
            slots.forget(slot);
            return false;
          }
          slot.restore(saved.tokens(), saved.returns());
          return true;
        });
  }

  /** A slot holds what several prompts have in common, and nothing else yet. */
  void found(Slot slot) {
    if (slot.length() < SHORTEST || slot.returns() < RETURNS) {
      return;
    }
    int[] tokens = slot.tokens();
    if (!files.wants(tokens)) {
      return;
    }
    long size = context.stateBytes(slot.sequence);
    if (size <= 0 || size > PrefixFiles.MOST_STATE) {
      return;
    }
    Arena arena = Arena.ofShared();
    MemorySegment state = arena.allocate(size);
    long written = context.state(slot.sequence, state);
    if (written == 0) {
      arena.close();
      return;
    }
    files.save(new PrefixFiles.Saved(tokens, slot.returns(), state.asSlice(0, written)), arena);
  }
}
