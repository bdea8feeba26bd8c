package dev.jubal.llama.constraint;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A matcher over a machine, whose lock it holds during each call. */
final class FormMatcher implements Matcher {
  private static final int MOST_FORCED = 4096;

  private final Machine machine;
  private final @Nullable Watch watch;
  private ConfigSet set;

  FormMatcher(Machine machine) {
    this.machine = machine;
    this.watch = machine.network().choosesKeys() ? new Watch() : null;
    synchronized (machine) {
      this.set = machine.start();
    }
  }

  private FormMatcher(Machine machine, @Nullable Watch watch, ConfigSet set) {
    this.machine = machine;
    this.watch = watch;
    this.set = set;
  }

  @Override
  public boolean advance(int token) {
    if (token < 0 || token >= machine.vocab().size()) {
      return false;
    }
    synchronized (machine) {
      byte[] bytes = machine.vocab().spelling(token);
      set = machine.current(set);
      if (bytes.length == 0) {
        return false;
      }
      Watch.Mark mark = watch == null ? null : watch.mark();
      ConfigSet to = follow(set, bytes);
      if (to.dead()) {
        back(mark);
        return false;
      }
      set = to;
      return true;
    }
  }

  private void back(Watch.@Nullable Mark mark) {
    if (watch != null && mark != null) {
      watch.back(mark);
    }
  }

  /**
   * The set behind some bytes, dead if they may not come. The watch has read them then, or some.
   */
  private ConfigSet follow(ConfigSet from, byte[] bytes) {
    ConfigSet to = from;
    for (int i = 0; i < bytes.length && !to.dead(); i++) {
      ConfigSet before = to;
      to = machine.next(before, bytes[i] & 255);
      if (watch != null && !to.dead() && !watch.takes(machine, before, bytes[i] & 255, to)) {
        return to.home.dead;
      }
    }
    if (watch != null && !to.dead() && watch.exhausted(machine, to)) {
      return to.home.dead;
    }
    return to;
  }

  @Override
  public boolean mayEnd() {
    return set.accepts;
  }

  @Override
  public boolean complete() {
    return set.configs.length == 0;
  }

  @Override
  public long[] mask() {
    synchronized (machine) {
      set = machine.current(set);
      long[] mask = machine.mask(set);
      return watch == null ? mask : without(watch, mask);
    }
  }

  /** The mask without the tokens that the watch would not let pass. */
  private long[] without(Watch reader, long[] mask) {
    Vocab vocab = machine.vocab();
    long[] suspects = reader.suspects(machine, set, mask);
    long[] left = mask;
    boolean shared = true;
    for (int word = 0; word < mask.length; word++) {
      for (long bits = mask[word] & suspects[word]; bits != 0; bits &= bits - 1) {
        int token = (word << 6) + Long.numberOfTrailingZeros(bits);
        if (!vocab.ends(token) && !passes(reader, vocab.spelling(token))) {
          left = shared ? mask.clone() : left;
          shared = false;
          left[word] &= ~(bits & -bits);
        }
      }
    }
    return left;
  }

  private boolean passes(Watch reader, byte[] bytes) {
    Watch.Mark mark = reader.mark();
    boolean passes = !follow(set, bytes).dead();
    reader.back(mark);
    return passes;
  }

  @Override
  public byte[] forced() {
    synchronized (machine) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      set = machine.current(set);
      ConfigSet at = set;
      while (!at.accepts && bytes.size() < MOST_FORCED) {
        int only = at.only(machine);
        if (only < 0) {
          break;
        }
        bytes.write(only);
        at = machine.next(at, only);
      }
      return bytes.toByteArray();
    }
  }

  @Override
  public byte[] shortest() {
    synchronized (machine) {
      set = machine.current(set);
      return new Shortest(machine, watch).from(set);
    }
  }

  @Override
  public Matcher copy() {
    return new FormMatcher(machine, watch == null ? null : watch.copy(), set);
  }
}
