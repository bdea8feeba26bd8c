package dev.jubal.platform.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * The addresses that share their first bits, such as 10.0.0.0/8 or fc00::/7.
 *
 * @param first its first address: 4 or 16 bytes
 * @param bits how many of its bits all have in common
 */
record Network(byte[] first, int bits) {
  Network {
    first = first.clone();
    if (bits < 0 || bits > first.length * 8) {
      throw new IllegalArgumentException("a prefix of " + bits + " bits");
    }
  }

  /**
   * Reads {@code address/bits}, or an address alone.
   *
   * @throws IllegalArgumentException whose message holds the text and what was expected
   */
  static Network of(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    try {
      InetAddress address = InetAddress.ofLiteral(literal);
      if (address instanceof Inet4Address && literal.chars().filter(c -> c == '.').count() != 3) {
        throw new IllegalArgumentException("10.1 would be 10.0.0.1");
      }
      byte[] first = address.getAddress();
      int bits = slash < 0 ? first.length * 8 : Integer.parseInt(text.substring(slash + 1));
      return new Network(first, bits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" (expected: a network such as 10.0.0.0/8 or fd00::/8).", e);
    }
  }

  boolean holds(byte[] address) {
    if (address.length != first.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(first, 0, whole, address, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((first[whole] ^ address[whole]) & 0xff) >> (8 - rest) == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network n && bits == n.bits && Arrays.equals(first, n.first);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(first) * 31 + bits;
  }
}
