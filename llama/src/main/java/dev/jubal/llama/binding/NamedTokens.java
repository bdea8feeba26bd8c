package dev.jubal.llama.binding;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that are found in a text by their name, before the rest is cut into words: as the
 * library finds them, longest names first, but control tokens only where the text is trusted.
 */
final class NamedTokens {

  /** A token's name; blanks beside it may belong to it. */
  private record Named(int token, int length, boolean control, boolean left, boolean right) {}

  /** A name found: the stretch it takes, blanks included. */
  record Found(int from, int to, int token) {}

  private static final class Node {
    private final Map<Character, Node> next = new HashMap<>();
    private @Nullable Named named;
  }

  private final Node root = new Node();

  /** Adds a token; {@code left} and {@code right}: whether it takes blanks beside it. */
  void add(String name, int token, boolean control, boolean left, boolean right) {
    Node node = root;
    for (int i = 0; i < name.length(); i++) {
      node = node.next.computeIfAbsent(name.charAt(i), _ -> new Node());
    }
    if (!name.isEmpty()) {
      node.named = new Named(token, name.length(), control, left, right);
    }
  }

  private record Candidate(int from, Named named) {}

  /**
   * The names in a text, in order, none over another.
   *
   * @param foreign the characters that are not trusted
   */
  List<Found> in(String text, BitSet foreign) {
    PriorityQueue<Candidate> candidates =
        new PriorityQueue<>(
            Comparator.<Candidate>comparingInt(c -> -c.named.length)
                .thenComparingInt(Candidate::from));
    for (int from = 0; from < text.length(); from++) {
      offer(candidates, text, from, Integer.MAX_VALUE, foreign);
    }
    BitSet taken = new BitSet(text.length());
    List<Found> found = new ArrayList<>(candidates.size());
    while (!candidates.isEmpty()) {
      Candidate candidate = candidates.remove();
      int end = candidate.from + candidate.named.length;
      int next = taken.nextSetBit(candidate.from);
      if (next < 0 || next >= end) {
        found.add(take(candidate, text, taken));
      } else if (next > candidate.from) {
        offer(candidates, text, candidate.from, next - candidate.from, foreign);
      }
    }
    found.sort(Comparator.comparingInt(Found::from));
    return found;
  }

  private static Found take(Candidate candidate, String text, BitSet taken) {
    int from = candidate.from;
    int to = from + candidate.named.length;
    while (candidate.named.left && from > 0 && blank(text, from - 1, taken)) {
      from--;
    }
    while (candidate.named.right && to < text.length() && blank(text, to, taken)) {
      to++;
    }
    taken.set(from, to);
    return new Found(from, to, candidate.named.token);
  }

  private static boolean blank(String text, int at, BitSet taken) {
    char c = text.charAt(at);
    return !taken.get(at) && (c == ' ' || (c >= '\t' && c <= '\r'));
  }

  /** Adds the longest name at a place, if it has one of at most so many characters. */
  private void offer(
      PriorityQueue<Candidate> candidates, String text, int from, int most, BitSet foreign) {
    Node node = root.next.get(text.charAt(from));
    if (node == null) {
      return;
    }
    int firstForeign = foreign.nextSetBit(from);
    long trusted = firstForeign < 0 ? Integer.MAX_VALUE : firstForeign;
    Named longest = null;
    for (int at = from + 1; node != null; at++) {
      Named here = node.named;
      if (here != null && here.length <= most && (!here.control || at <= trusted)) {
        longest = here;
      }
      node = at < text.length() ? node.next.get(text.charAt(at)) : null;
    }
    if (longest != null) {
      candidates.add(new Candidate(from, longest));
    }
  }
}
