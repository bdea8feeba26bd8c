package dev.jubal.platform.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.platform.config.ConfigException;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRuleTest {
  private static final AddressRule RULE = new AddressRule(NetConfig.STANDARD);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "2600:1234::5efe:10.0.0.1",
        "2600:1234::200:5efe:10.0.0.1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void refuses(String address) {
    assertEquals(false, RULE.allows(InetAddress.ofLiteral(address)), address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "64:ff9b::808:808",
        "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e"
      })
  void allows(String address) {
    assertEquals(true, RULE.allows(InetAddress.ofLiteral(address)), address);
  }

  @Test
  void aMappedAddressIsJudgedAsTheOneItHolds() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    mapped[12] = 10;
    assertEquals(false, RULE.allows(Inet6Address.getByAddress(null, mapped, 0)));
  }

  @Test
  void anOperatorNamesWhatIsReachedAllTheSameAndWhatIsNot() {
    AddressRule rule = new AddressRule(new NetConfig("10.1.0.0/16, ::1", "8.8.8.0/24,10.1.2.0/24"));
    assertEquals(true, rule.allows(InetAddress.ofLiteral("10.1.3.4")));
    assertEquals(true, rule.allows(InetAddress.ofLiteral("::1")));
    assertEquals(false, rule.allows(InetAddress.ofLiteral("10.1.2.4")));
    assertEquals(false, rule.allows(InetAddress.ofLiteral("10.2.0.1")));
    assertEquals(false, rule.allows(InetAddress.ofLiteral("8.8.8.8")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0/8", "example.com", "10.0.0.0/x", "/8"})
  void aBadNetworkStopsTheStart(String network) {
    ConfigException e = assertThrows(ConfigException.class, () -> new NetConfig(network, ""));
    assertEquals(
        "net.allowed-networks: \""
            + network
            + "\" (expected: a network such as 10.0.0.0/8 or fd00::/8).",
        e.getMessage());
  }
}
