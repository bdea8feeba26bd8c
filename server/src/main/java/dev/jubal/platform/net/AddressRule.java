package dev.jubal.platform.net;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses a caller's URL may reach: those of the public internet, and what the operator
 * names. Immutable.
 *
 * <p>Sources: the IANA special-purpose registries for IPv4 and IPv6; RFC 6052 for addresses that
 * hold another one.
 */
final class AddressRule {
  /** All that is no one's public server. */
  private static final List<Network> SPECIAL_V4 =
      networks(
          "0.0.0.0/8", // this host
          "10.0.0.0/8",
          "100.64.0.0/10", // carriers' own, some clouds' metadata
          "127.0.0.0/8",
          "168.63.129.16", // a cloud's host agent behind a public-looking address
          "169.254.0.0/16", // link-local, most clouds' metadata
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24", // relays of 6to4
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, broadcast

  /** The only IPv6 addresses that are given to public servers. */
  private static final Network GLOBAL_V6 = Network.of("2000::/3");

  private static final List<Network> SPECIAL_V6 =
      networks(
          "2001::/23", // Teredo, which holds an IPv4 address, and others
          "2001:db8::/32",
          "2002::/16", // 6to4, which holds an IPv4 address
          "3fff::/20");

  /** Translates to the IPv4 address in its last four bytes. */
  private static final Network NAT64 = Network.of("64:ff9b::/96");

  private static final Network MAPPED = mapped();

  private final List<Network> allowed;
  private final List<Network> denied;

  AddressRule(NetConfig config) {
    this.allowed = config.allowed();
    this.denied = config.denied();
  }

  private static List<Network> networks(String... texts) {
    return Stream.of(texts).map(Network::of).toList();
  }

  private static Network mapped() {
    byte[] first = new byte[16];
    first[10] = (byte) 0xff;
    first[11] = (byte) 0xff;
    return new Network(first, 96); // ::ffff:0:0/96, which Java reads as IPv4
  }

  /** Whether it may be connected to. */
  boolean allows(InetAddress address) {
    byte[] bytes = unwrapped(address.getAddress());
    if (in(denied, bytes)) {
      return false;
    }
    return in(allowed, bytes) || (isPublic(bytes) && !isOwn(address));
  }

  private static boolean in(List<Network> networks, byte[] address) {
    return networks.stream().anyMatch(n -> n.holds(address));
  }

  private static boolean isPublic(byte[] address) {
    if (address.length == 4) {
      return !in(SPECIAL_V4, address);
    }
    if (NAT64.holds(address)) {
      return !in(SPECIAL_V4, last4(address));
    }
    return GLOBAL_V6.holds(address) && !in(SPECIAL_V6, address) && !isTunnel(address);
  }

  /** ISATAP: any prefix, then 0:5efe or 200:5efe and an IPv4 address. */
  private static boolean isTunnel(byte[] a) {
    return (a[8] & 0xfd) == 0 && a[9] == 0 && a[10] == 0x5e && (a[11] & 0xff) == 0xfe;
  }

  /** This machine's own public address leads to what listens here. */
  private static boolean isOwn(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true; // cannot be told, so it is not trusted
    }
  }

  private static byte[] unwrapped(byte[] address) {
    return MAPPED.holds(address) ? last4(address) : address;
  }

  private static byte[] last4(byte[] address) {
    return Arrays.copyOfRange(address, 12, 16);
  }
}
