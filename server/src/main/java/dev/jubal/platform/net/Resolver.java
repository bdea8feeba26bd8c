package dev.jubal.platform.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Names to addresses. May block; thread-safe. */
public interface Resolver {
  /** All addresses of a host, which may be an address in any spelling; at least one. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** The one of the operating system. */
  static Resolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
