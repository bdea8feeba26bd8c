package dev.jubal.platform.net;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import java.util.Arrays;
import java.util.List;

/** Start-up configuration of requests to addresses that come from a caller. */
public record NetConfig(
    @Key(
            doc =
                "Private addresses that callers' URLs may reach all the same, as networks such as"
                    + " 10.1.0.0/16, comma between.")
        String allowedNetworks,
    @Key(
            doc =
                "Further networks that callers' URLs never reach, such as own public ones, comma"
                    + " between.")
        String deniedNetworks) {

  /** Nothing private is reached, and nothing public is left out. */
  public static final NetConfig STANDARD = new NetConfig("", "");

  public NetConfig {
    networks("net.allowed-networks", allowedNetworks);
    networks("net.denied-networks", deniedNetworks);
  }

  List<Network> allowed() {
    return networks("net.allowed-networks", allowedNetworks);
  }

  List<Network> denied() {
    return networks("net.denied-networks", deniedNetworks);
  }

  private static List<Network> networks(String key, String text) {
    try {
      return Arrays.stream(text.split(","))
          .map(String::strip)
          .filter(t -> !t.isEmpty())
          .map(Network::of)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(key + ": " + e.getMessage());
    }
  }
}
