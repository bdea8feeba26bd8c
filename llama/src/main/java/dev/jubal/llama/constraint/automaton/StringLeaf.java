package dev.jubal.llama.constraint.automaton;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Any JSON string, quotes included, with bounds on its characters: UTF-8 only, every escape JSON
 * knows, no lone surrogates; a surrogate pair of escapes is one character. The state is {@code
 * count * 32 + part}, so bounds cost nothing.
 */
public final class StringLeaf implements Leaf {
  /** Any string. */
  public static final StringLeaf ANY = new StringLeaf(0, -1);

  /** The parts: where in a character a state is. */
  public static final int OPEN = 0;

  public static final int BODY = 1;
  public static final int END = 2;
  private static final int ESCAPE = 3;
  private static final int HEX4 = 4;
  private static final int HEX3 = 5;
  private static final int HEX2 = 6;
  private static final int HEX1 = 7;
  private static final int AFTER_D = 8;
  private static final int HIGH2 = 9;
  private static final int HIGH1 = 10;
  private static final int LOW_ESCAPE = 11;
  private static final int LOW_U = 12;
  private static final int LOW4 = 13;
  private static final int LOW3 = 14;
  private static final int MORE1 = 15;
  private static final int MORE2 = 16;
  private static final int MORE3 = 17;
  private static final int AFTER_E0 = 18;
  private static final int AFTER_ED = 19;
  private static final int AFTER_F0 = 20;
  private static final int AFTER_F4 = 21;
  private static final int PARTS = 22;

  private static final int UNBOUNDED = 1 << 25;

  /** So far from the bound on the length that no token comes near it. */
  private static final int FREE = 1 << 10;

  private final int least;
  private final int most;
  private final byte[][] table;
  private final int[] toBody;
  private final int characters;

  /**
   * @param least the least number of characters
   * @param most the most, or -1 for any number
   */
  public StringLeaf(int least, int most) {
    this(least, most < 0 || most > UNBOUNDED ? UNBOUNDED : most, table());
  }

  private StringLeaf(int least, int most, byte[][] table) {
    this.least = least;
    this.most = most;
    this.table = table;
    this.toBody = distances(table);
    this.characters = characters(table, BODY);
  }

  private static byte[][] table() {
    byte[][] t = new byte[PARTS][256];
    for (byte[] row : t) {
      Arrays.fill(row, (byte) -1);
    }
    t[OPEN]['"'] = BODY;
    Arrays.fill(t[BODY], 0x20, 0x80, (byte) BODY);
    t[BODY]['"'] = END;
    t[BODY]['\\'] = ESCAPE;
    Arrays.fill(t[BODY], 0xC2, 0xE0, (byte) MORE1);
    Arrays.fill(t[BODY], 0xE1, 0xF0, (byte) MORE2);
    t[BODY][0xE0] = AFTER_E0;
    t[BODY][0xED] = AFTER_ED;
    Arrays.fill(t[BODY], 0xF1, 0xF4, (byte) MORE3);
    t[BODY][0xF0] = AFTER_F0;
    t[BODY][0xF4] = AFTER_F4;
    Arrays.fill(t[MORE1], 0x80, 0xC0, (byte) BODY);
    Arrays.fill(t[MORE2], 0x80, 0xC0, (byte) MORE1);
    Arrays.fill(t[MORE3], 0x80, 0xC0, (byte) MORE2);
    Arrays.fill(t[AFTER_E0], 0xA0, 0xC0, (byte) MORE1);
    Arrays.fill(t[AFTER_ED], 0x80, 0xA0, (byte) MORE1);
    Arrays.fill(t[AFTER_F0], 0x90, 0xC0, (byte) MORE2);
    Arrays.fill(t[AFTER_F4], 0x80, 0x90, (byte) MORE2);
    escapes(t);
    return t;
  }

  private static void escapes(byte[][] t) {
    each(t[ESCAPE], "\"\\/bfnrt", BODY);
    t[ESCAPE]['u'] = HEX4;
    each(t[HEX4], "0123456789abcefABCEF", HEX3);
    each(t[HEX4], "dD", AFTER_D);
    each(t[AFTER_D], "01234567", HEX2);
    each(t[AFTER_D], "89abAB", HIGH2);
    each(t[HEX3], "0123456789abcdefABCDEF", HEX2);
    each(t[HEX2], "0123456789abcdefABCDEF", HEX1);
    each(t[HEX1], "0123456789abcdefABCDEF", BODY);
    each(t[HIGH2], "0123456789abcdefABCDEF", HIGH1);
    each(t[HIGH1], "0123456789abcdefABCDEF", LOW_ESCAPE);
    t[LOW_ESCAPE]['\\'] = LOW_U;
    t[LOW_U]['u'] = LOW4;
    each(t[LOW4], "dD", LOW3);
    each(t[LOW3], "cdefCDEF", HEX2);
  }

  private static void each(byte[] row, String digits, int to) {
    for (int i = 0; i < digits.length(); i++) {
      row[digits.charAt(i)] = (byte) to;
    }
  }

  /** How many characters can be written from a part on, escapes left aside. */
  private static int characters(byte[][] table, int part) {
    int characters = 0;
    for (int to : table[part]) {
      if (to == BODY) {
        characters++;
      } else if (to > ESCAPE) {
        characters += characters(table, to);
      }
    }
    return characters;
  }

  /** Least bytes from each part to {@link #BODY}. */
  private static int[] distances(byte[][] table) {
    int[] found = new int[PARTS];
    Arrays.fill(found, FAR);
    found[BODY] = 0;
    for (int round = 0; round < PARTS; round++) {
      for (int part = 0; part < PARTS; part++) {
        for (int b = 0; b < 256; b++) {
          if (table[part][b] >= 0 && part != BODY) {
            found[part] = Math.min(found[part], 1 + found[table[part][b]]);
          }
        }
      }
    }
    return found;
  }

  /** The part after a byte, or -1. */
  public int part(int part, int octet) {
    return table[part][octet];
  }

  /** The same without bounds, what records over a vocabulary are made for. */
  public StringLeaf unbounded() {
    return new StringLeaf(0, UNBOUNDED, table);
  }

  public int least() {
    return least;
  }

  public int most() {
    return most;
  }

  @Override
  public int start() {
    return OPEN;
  }

  @Override
  public int next(int state, int octet) {
    int part = state & 31;
    int count = state >> 5;
    int to = table[part][octet];
    if (to < 0) {
      return -1;
    }
    if (part == BODY) {
      if (to == END) {
        return count < least ? -1 : (count << 5) | END;
      }
      if (count >= most) {
        return -1;
      }
    }
    if (to == BODY && part != OPEN && bounded()) {
      count++;
    }
    return (count << 5) | to;
  }

  private boolean bounded() {
    return least > 0 || most < UNBOUNDED;
  }

  @Override
  public boolean accepts(int state) {
    return (state & 31) == END;
  }

  @Override
  public boolean continues(int state) {
    return (state & 31) != END;
  }

  @Override
  public int distance(int state) {
    int part = state & 31;
    if (part == END) {
      return 0;
    }
    int count = (state >> 5) + (part == OPEN || part == BODY ? 0 : 1);
    return Math.min(FAR, toBody[part] + Math.max(0, least - count) + 1);
  }

  @Override
  public int texts(int state) {
    int part = state & 31;
    int left = most - (state >> 5);
    boolean between = part == OPEN || part == BODY;
    return left >= FREE ? FAR : between && left > 0 ? characters : 1;
  }

  @Override
  public Leaf within(BitSet octets) {
    byte[][] fewer = new byte[PARTS][];
    boolean lost = false;
    for (int part = 0; part < PARTS; part++) {
      fewer[part] = table[part].clone();
      for (int b = 0; b < 256; b++) {
        if (fewer[part][b] >= 0 && !octets.get(b)) {
          fewer[part][b] = -1;
          lost = true;
        }
      }
    }
    if (!lost) {
      return this;
    }
    int[] reach = distances(fewer);
    for (byte[] row : fewer) {
      for (int b = 0; b < 256; b++) {
        if (row[b] >= 0 && row[b] != END && reach[row[b]] >= FAR) {
          row[b] = -1;
        }
      }
    }
    return new StringLeaf(least, most, fewer);
  }

  @Override
  public long bytes() {
    return PARTS * 280L;
  }
}
