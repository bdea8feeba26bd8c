package dev.jubal.llama.constraint;

import java.io.ByteArrayOutputStream;

/** A matcher over a machine, whose lock it holds during each call. */
final class FormMatcher implements Matcher {
  private static final int MOST_FORCED = 4096;
  private static final int MOST_COMPLETED = 1 << 16;

  private final Machine machine;
  private ConfigSet set;

  FormMatcher(Machine machine) {
    this.machine = machine;
    synchronized (machine) {
      this.set = machine.start();
    }
  }

  private FormMatcher(Machine machine, ConfigSet set) {
    this.machine = machine;
    this.set = set;
  }

  @Override
  public boolean advance(int token) {
    if (token < 0 || token >= machine.vocab().size()) {
      return false;
    }
    synchronized (machine) {
      byte[] bytes = machine.vocab().spelling(token);
      ConfigSet to = machine.current(set);
      for (int i = 0; i < bytes.length && !to.dead(); i++) {
        to = machine.next(to, bytes[i] & 255);
      }
      if (bytes.length == 0 || to.dead()) {
        return false;
      }
      set = to;
      return true;
    }
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
      return machine.mask(set);
    }
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
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      set = machine.current(set);
      ConfigSet at = set;
      while (!at.accepts && bytes.size() < MOST_COMPLETED) {
        ConfigSet best = at;
        int octet = -1;
        int least = Integer.MAX_VALUE;
        for (int b = 0; b < 256; b++) {
          ConfigSet next = machine.next(at, b);
          int distance = next.dead() ? Integer.MAX_VALUE : machine.distance(next);
          if (distance < least) {
            best = next;
            octet = b;
            least = distance;
          }
        }
        bytes.write(octet);
        at = best;
      }
      return bytes.toByteArray();
    }
  }

  @Override
  public Matcher copy() {
    return new FormMatcher(machine, set);
  }
}
