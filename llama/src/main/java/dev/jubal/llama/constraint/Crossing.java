package dev.jubal.llama.constraint;

import java.util.function.Predicate;

/** The tokens of a vocabulary that may end one key or item of a JSON text and begin another. */
final class Crossing {
  /** A comma anywhere: without one nothing new begins. */
  final long[] commas;

  /** A quote. */
  final long[] quotes;

  /** Out of a string and on to another: two quotes, or one with a comma behind. */
  final long[] strings;

  /** Out of a key and on to the next. */
  final long[] members;

  /** A backslash: what spells a character in another way. */
  final long[] escapes;

  Crossing(byte[][] spellings) {
    this.commas = find(spellings, token -> at(token, ',', 0) >= 0);
    this.quotes = find(spellings, token -> at(token, '"', 0) >= 0);
    this.strings = find(spellings, token -> follows(token, '"', '"') || follows(token, '"', ','));
    this.members = find(spellings, token -> follows(token, '"', ':') && follows(token, ':', ','));
    this.escapes = find(spellings, token -> at(token, '\\', 0) >= 0);
  }

  private static boolean follows(byte[] token, char first, char second) {
    int at = at(token, first, 0);
    return at >= 0 && at(token, second, at + 1) >= 0;
  }

  private static int at(byte[] token, char octet, int from) {
    for (int i = from; i < token.length; i++) {
      if (token[i] == octet) {
        return i;
      }
    }
    return -1;
  }

  private static long[] find(byte[][] spellings, Predicate<byte[]> wanted) {
    long[] bits = new long[(spellings.length + 63) >> 6];
    for (int token = 0; token < spellings.length; token++) {
      if (wanted.test(spellings[token])) {
        bits[token >> 6] |= 1L << token;
      }
    }
    return bits;
  }
}
