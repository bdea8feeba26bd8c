package dev.jubal.llama.queue;

import dev.jubal.llama.Share;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A place in the tree of {@link Turns}: a root has teams, a team keys, a key end users; only an end
 * user has lines of work.
 */
final class Branch<T> {
  /** Most branches of one parent; of the idle ones beyond, the least indebted are forgotten. */
  static final int MOST = 512;

  private final Map<String, Branch<T>> children = new LinkedHashMap<>();
  private final ArrayDeque<T> waitingLine = new ArrayDeque<>();
  private final ArrayDeque<T> begunLine = new ArrayDeque<>();
  private boolean begunNext;
  private double weight = 1;
  private double pass;
  private double virtualTime;
  private int waiting;
  private int held;

  Branch<T> copy() {
    Branch<T> copy = new Branch<>();
    children.forEach(
        (name, child) -> {
          if (child.waiting > 0) { // what waits for nothing gets no turn
            copy.children.put(name, child.copy());
          }
        });
    copy.waitingLine.addAll(waitingLine);
    copy.begunLine.addAll(begunLine);
    copy.begunNext = begunNext;
    copy.weight = weight;
    copy.pass = pass;
    copy.virtualTime = virtualTime;
    copy.waiting = waiting;
    copy.held = held;
    return copy;
  }

  ArrayDeque<T> waitingLine() {
    return waitingLine;
  }

  ArrayDeque<T> begunLine() {
    return begunLine;
  }

  void waits(int more) {
    waiting += more;
  }

  void holds(int more) {
    held += more;
  }

  void charge(double cost) {
    pass += cost / weight;
  }

  /** Whoever was away starts with those served now: no debt is forgotten, and no time saved up. */
  void catchUp(Branch<T> parent) {
    if (waiting == 1) {
      pass = Math.max(pass, parent.virtualTime);
    }
  }

  /** The branches from a team down to an end user, made where they are missing. */
  List<Branch<T>> path(Share share) {
    Branch<T> team = child(share.team());
    team.weight = share.weight();
    Branch<T> key = team.child(share.key());
    return List.of(team, key, key.child(share.user()));
  }

  private Branch<T> child(String name) {
    Branch<T> child = children.get(name);
    if (child == null) {
      if (children.size() >= MOST) {
        forgetOne();
      }
      child = new Branch<>();
      child.pass = virtualTime;
      children.put(name, child);
    }
    return child;
  }

  private void forgetOne() {
    children.entrySet().stream()
        .filter(entry -> entry.getValue().idle())
        .min(Comparator.comparingDouble(entry -> entry.getValue().pass))
        .map(Map.Entry::getKey)
        .ifPresent(children::remove);
  }

  private boolean idle() {
    return waiting == 0 && held == 0;
  }

  /** What happened in a time that is over for good says nothing about the next. */
  void forgetIdle(List<Branch<T>> path) {
    if (idle()) {
      forgetChildren();
    }
    path.stream().filter(Branch::idle).forEach(Branch::forgetChildren);
  }

  private void forgetChildren() {
    children.clear();
    virtualTime = 0;
  }

  boolean drop(T work) {
    return waitingLine.remove(work) || begunLine.remove(work);
  }

  boolean anyReady(Predicate<T> ready) {
    return waiting > 0
        && (waitingLine.stream().anyMatch(ready)
            || begunLine.stream().anyMatch(ready)
            || children.values().stream().anyMatch(child -> child.anyReady(ready)));
  }

  /** Takes the next work and notes the branches it came from; some must be ready. */
  T take(Predicate<T> ready, List<Branch<T>> path) {
    if (children.isEmpty()) {
      return takeFromLines(ready);
    }
    Branch<T> next =
        children.values().stream()
            .filter(child -> child.anyReady(ready))
            .min(Comparator.comparingDouble(child -> child.pass))
            .orElseThrow();
    virtualTime = Math.max(virtualTime, next.pass);
    path.add(next);
    return next.take(ready, path);
  }

  private T takeFromLines(Predicate<T> ready) {
    T begun = begunLine.stream().filter(ready).findFirst().orElse(null);
    T first = waitingLine.stream().filter(ready).findFirst().orElse(null);
    boolean takesBegun = begun != null && (begunNext || first == null);
    T taken = takesBegun ? begun : first;
    if (taken == null) {
      throw new IllegalStateException("a branch with ready work had none");
    }
    begunNext = !takesBegun;
    drop(taken);
    return taken;
  }

  boolean wouldBeNext(Share share) {
    Branch<T> at = this;
    for (String name : List.of(share.team(), share.key(), share.user())) {
      Branch<T> mine = at.children.get(name);
      double pass = Math.max(mine == null ? 0 : mine.pass, at.virtualTime);
      for (Branch<T> other : at.children.values()) {
        if (other != mine && other.waiting > 0 && other.pass <= pass) {
          return false;
        }
      }
      if (mine == null) {
        return true;
      }
      at = mine;
    }
    return true;
  }

  boolean busy(Share share) {
    Branch<T> team = children.get(share.team());
    Branch<T> key = team == null ? null : team.children.get(share.key());
    return key != null && !key.idle();
  }

  int branches() {
    return children.values().stream().mapToInt(child -> 1 + child.branches()).sum();
  }

  /** For messages of tests. */
  @Override
  public String toString() {
    return "pass %.1f, waiting %d, held %d".formatted(pass, waiting, held);
  }
}
