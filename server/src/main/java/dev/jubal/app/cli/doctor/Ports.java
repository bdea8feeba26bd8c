package dev.jubal.app.cli.doctor;

import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/** The port a start would take. */
final class Ports {
  private Ports() {}

  static Finding check(Path dataDir, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return Finding.ok("port " + port, "free on 127.0.0.1");
    } catch (IOException e) {
      return ours(dataDir, port)
          ? Finding.ok("port " + port, "taken by the Jubal server of " + dataDir)
          : Finding.warn(
              "port " + port,
              "taken: " + e.getMessage(),
              "a start without --port fails",
              "./jubal serve --port 0, or end what listens there");
    }
  }

  /** A running server says where it listens. */
  private static boolean ours(Path dataDir, int port) {
    try {
      return Json.tree(Files.readAllBytes(dataDir.resolve("server.json"))).path("port").asInt(-1)
          == port;
    } catch (IOException | JacksonException e) {
      return false;
    }
  }
}
