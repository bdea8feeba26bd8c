package dev.jubal.llama.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds stop texts in text that arrives in pieces. Releases what can no longer belong to one and
 * holds back no more than that.
 */
final class StopFilter {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private @Nullable String matched;

  StopFilter(List<String> stops) {
    this.stops = stops.stream().filter(s -> !s.isEmpty()).toList();
  }

  /** Takes more text and returns what is free to go; after a match, what came before it. */
  String append(String text) {
    held.append(text);
    int end = firstMatch();
    if (matched == null) {
      end = held.length() - longestBegin();
    }
    String free = held.substring(0, end);
    held.delete(0, matched == null ? end : held.length());
    return free;
  }

  /** Takes text in which stop texts do not count, and returns it with what was held. */
  String pass(String text) {
    return end() + text;
  }

  /** What is still held when no more text comes. */
  String end() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }

  /** The stop text that was found, if one was. */
  @Nullable String matched() {
    return matched;
  }

  /** Where the earliest match begins; of two that begin together the one named first wins. */
  private int firstMatch() {
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
        matched = stop;
      }
    }
    return first;
  }

  /** The length of the longest end of the held text that is the beginning of a stop text. */
  private int longestBegin() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
