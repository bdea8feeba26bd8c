package dev.jubal.platform.mail;

import com.linecorp.armeria.common.TlsKeyPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Encrypts in front of a mail server that cannot: from the start, or after STARTTLS. Its
 * certificate is for localhost.
 */
final class TlsFront implements AutoCloseable {
  private final ServerSocket listening;
  private final int behind;
  private final boolean starttls;
  private final SSLContext context;
  private final TlsKeyPair pair = TlsKeyPair.ofSelfSigned("localhost");

  TlsFront(int behind, boolean starttls) throws Exception {
    this.behind = behind;
    this.starttls = starttls;
    this.listening = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own", pair.privateKey(), new char[0], pair.certificateChain().toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    this.context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Writes the certificate, for who is to believe it. */
  Path certificate(Path file) throws Exception {
    String body =
        Base64.getMimeEncoder().encodeToString(pair.certificateChain().getFirst().getEncoded());
    return Files.writeString(
        file, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // by the test
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), behind)) {
      if (starttls && !asked(client, server)) {
        return;
      }
      SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(client, null, true);
      secure.setUseClientMode(false);
      secure.startHandshake();
      Thread back = Thread.ofVirtual().start(() -> copy(server, secure));
      copy(secure, server);
      server.shutdownOutput();
      back.join();
    } catch (IOException left) {
      // one of the two
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Greets and waits for STARTTLS; the server's own greeting is thrown away. */
  private static boolean asked(Socket client, Socket server) throws IOException {
    InputStream greeting = server.getInputStream();
    while (greeting.read() != '\n') {
      // its one line
    }
    say(client, "220 front");
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String command = line.toUpperCase(Locale.ROOT);
      if (command.equals("STARTTLS")) {
        say(client, "220 go on");
        return true;
      }
      say(client, command.startsWith("EHLO") ? "250-front\r\n250 STARTTLS" : "530 first STARTTLS");
    }
    return false;
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    to.getOutputStream().flush();
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException left) {
      // one of the two
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
