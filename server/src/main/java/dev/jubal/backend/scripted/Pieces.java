package dev.jubal.backend.scripted;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** A text cut into pieces between its characters; a short text gives fewer. */
final class Pieces {
  private Pieces() {}

  static List<String> alike(String text, int count) {
    SortedSet<Integer> cuts = new TreeSet<>();
    for (int i = 1; i < count; i++) {
      cuts.add((int) ((long) text.length() * i / count));
    }
    return cut(text, cuts);
  }

  static List<String> random(String text, int count, Random random) {
    SortedSet<Integer> cuts = new TreeSet<>();
    for (int i = 1; i < count && !text.isEmpty(); i++) {
      cuts.add(random.nextInt(text.length()));
    }
    return cut(text, cuts);
  }

  private static List<String> cut(String text, SortedSet<Integer> cuts) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      boolean insideCharacter = cut > 0 && Character.isHighSurrogate(text.charAt(cut - 1));
      if (cut > from && !insideCharacter) {
        pieces.add(text.substring(from, cut));
        from = cut;
      }
    }
    pieces.add(text.substring(from));
    return pieces;
  }
}
