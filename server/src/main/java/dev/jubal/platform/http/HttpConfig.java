package dev.jubal.platform.http;

import dev.jubal.platform.config.Key;
import dev.jubal.platform.http.edge.IntakeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Start-up configuration of the port. */
public record HttpConfig(
    @Key(value = "8080", doc = "Port; 0 takes a free one.") int port,
    @Key(value = "127.0.0.1", doc = "Address to listen on.") String host,
    @Key(doc = "Certificate chain in PEM; with the key it turns TLS on.") Optional<Path> tlsCert,
    @Key(doc = "Private key in PEM.") Optional<Path> tlsKey,
    @Key(value = "false", doc = "A proxy in front ends TLS: permits plain text beyond loopback.")
        boolean behindProxy,
    @Key(value = "33554432", doc = "Largest body in bytes.") long bodyLimit,
    @Key(value = "30s", doc = "Longest wait for running requests at a stop.") Duration drain,
    @Key(value = "2s", doc = "How long new requests are still served once a stop began.")
        Duration drainDelay,
    @Key(value = "15s", doc = "Silence after which a stream gets a heartbeat.") Duration heartbeat,
    IntakeConfig intake,
    @Key(value = "60m", doc = "How long a WebSocket may be open.") Duration socketLimit) {

  /** One that listens for as long as is usual. */
  public HttpConfig(
      int port,
      String host,
      Optional<Path> tlsCert,
      Optional<Path> tlsKey,
      boolean behindProxy,
      long bodyLimit,
      Duration drain,
      Duration drainDelay,
      Duration heartbeat) {
    this(
        port,
        host,
        tlsCert,
        tlsKey,
        behindProxy,
        bodyLimit,
        drain,
        drainDelay,
        heartbeat,
        IntakeConfig.STANDARD,
        Duration.ofMinutes(60));
  }

  /** The same with another intake. */
  public HttpConfig with(IntakeConfig other) {
    return new HttpConfig(
        port,
        host,
        tlsCert,
        tlsKey,
        behindProxy,
        bodyLimit,
        drain,
        drainDelay,
        heartbeat,
        other,
        socketLimit);
  }
}
