package dev.jubal.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.common.TlsKeyPair;
import dev.jubal.proto.xai.ListLanguageModelsResponse;
import dev.jubal.proto.xai.ModelsGrpc;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One port with a certificate: TLS for all, plain text for this machine alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PlainTextGateTest {
  @TempDir private static Path folder;

  private JubalServer server;

  @BeforeAll
  void start() throws Exception {
    TlsKeyPair pair = TlsKeyPair.ofSelfSigned("localhost");
    StringBuilder chain = new StringBuilder();
    for (X509Certificate certificate : pair.certificateChain()) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    Path cert = Files.writeString(folder.resolve("cert.pem"), chain);
    Path key =
        Files.writeString(
            folder.resolve("key.pem"), pem("PRIVATE KEY", pair.privateKey().getEncoded()));
    server =
        JubalServer.scripted(
            "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}",
            "server.tls-cert",
            cert.toString(),
            "server.tls-key",
            key.toString(),
            "server.host",
            "0.0.0.0");
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static void lists(io.grpc.Channel channel) {
    ListLanguageModelsResponse list =
        ModelsGrpc.newBlockingStub(channel)
            .listLanguageModels(com.google.protobuf.Empty.getDefaultInstance());
    assertTrue(list.getModelsCount() > 0);
  }

  @Test
  void grpcGoesOverTlsAndOverPlainTextFromThisMachine() {
    try (ClientFactory trusting = ClientFactory.insecure()) {
      lists(Rpc.channel("gproto+h2://127.0.0.1:" + server.port(), trusting, server.key()));
    }
    lists(Rpc.channel(server.port(), server.key()));
  }

  @Test
  void restGoesOverPlainTextFromThisMachine() throws Exception {
    assertEquals(200, server.http().get("/v1/models").statusCode());
  }

  @Test
  void plainTextFromElsewhereIsToldSoAndCutOff() throws Exception {
    Optional<InetAddress> outside = outside();
    assumeTrue(outside.isPresent(), "this machine has no address but loopback");
    try (Socket socket = new Socket(outside.get(), server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(all);
      assertTrue(
          all.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 426 "),
          () -> all.toString(StandardCharsets.US_ASCII));
    }
  }

  private static Optional<InetAddress> outside() throws Exception {
    return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
        .flatMap(n -> n.inetAddresses())
        .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
        .findFirst();
  }
}
