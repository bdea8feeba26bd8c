package dev.jubal.platform.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Secret;
import dev.jubal.testing.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail through a real server on loopback, and through those that are none. */
class MailerTest {
  private static final Mailer.Mail MAIL =
      new Mailer.Mail(
          "alert_1",
          "ops@example.com",
          "Überzogen",
          "Zeile 1\n.\nZeile 3 €",
          Instant.parse("2026-11-24T12:00:00Z"));
  private static final String PASSWORD = "correct-horse";

  @TempDir private Path folder = Path.of("");

  private static SmtpConfig config(int port, SmtpConfig.Security security, String password) {
    return new SmtpConfig(
        Optional.of("127.0.0.1"),
        port,
        security,
        password.isEmpty() ? Optional.empty() : Optional.of("jubal"),
        password.isEmpty() ? Optional.empty() : Optional.of(new Secret(password)),
        Optional.of("jubal@example.com"),
        Duration.ofSeconds(5),
        Optional.empty());
  }

  private static String failure(SmtpConfig config) {
    try (Mailer mailer = Mailer.of(config).orElseThrow()) {
      return assertThrows(MailFailure.class, () -> mailer.send(MAIL)).text();
    }
  }

  @Test
  void isSentWithAPasswordAndReadAsItWas() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.setUser("jubal@example.com", "jubal", PASSWORD);
    server.start();
    try (Mailer mailer =
        Mailer.of(config(server.getSmtp().getPort(), SmtpConfig.Security.NONE, PASSWORD))
            .orElseThrow()) {
      mailer.send(MAIL);
      assertTrue(server.waitForIncomingEmail(20_000, 1));
      var received = server.getReceivedMessages()[0];
      assertEquals("Überzogen", received.getSubject());
      assertEquals("<alert_1@example.com>", received.getMessageID());
      assertEquals("jubal@example.com", received.getFrom()[0].toString());
      assertEquals("auto-generated", received.getHeader("Auto-Submitted")[0]);
      assertEquals("Zeile 1\r\n.\r\nZeile 3 €", received.getContent().toString().strip());
      assertFalse(GreenMailUtil.getWholeMessage(received).contains(PASSWORD));
    } finally {
      server.stop();
    }
  }

  private static SmtpConfig secure(TlsFront front, boolean starttls, Optional<Path> ca) {
    return new SmtpConfig(
        Optional.of("localhost"),
        front.port(),
        starttls ? SmtpConfig.Security.STARTTLS : SmtpConfig.Security.TLS,
        Optional.of("jubal"),
        Optional.of(new Secret(PASSWORD)),
        Optional.of("jubal@example.com"),
        Duration.ofSeconds(5),
        ca);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isEncryptedFromTheStartOrBeforeAnythingIsSaid(boolean starttls) throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.setUser("jubal@example.com", "jubal", PASSWORD);
    server.start();
    try (TlsFront front = new TlsFront(server.getSmtp().getPort(), starttls)) {
      Path ca = front.certificate(folder.resolve("ca.pem"));
      try (Mailer mailer = Mailer.of(secure(front, starttls, Optional.of(ca))).orElseThrow()) {
        mailer.send(MAIL);
      }
      assertTrue(server.waitForIncomingEmail(20_000, 1));
      String text = failure(secure(front, starttls, Optional.empty()));
      assertFalse(text.contains(PASSWORD), text);
      assertEquals(1, server.getReceivedMessages().length, "nobody vouches for the certificate");
    } finally {
      server.stop();
    }
  }

  @Test
  void nothingIsSaidInPlainTextWhereStarttlsIsWanted() {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try {
      String text =
          failure(config(server.getSmtp().getPort(), SmtpConfig.Security.STARTTLS, PASSWORD));
      assertTrue(text.toUpperCase(java.util.Locale.ROOT).contains("STARTTLS"), text);
      assertEquals(0, server.getReceivedMessages().length);
    } finally {
      server.stop();
    }
  }

  @Test
  void aServerThatIsGoneOrSaysNothingFailsInTime() throws Exception {
    int gone;
    try (ServerSocket free = new ServerSocket(0)) {
      gone = free.getLocalPort();
    }
    assertTrue(failure(config(gone, SmtpConfig.Security.NONE, "")).contains("mail server"));
    try (RawServer silent = RawServer.saying("", false);
        ServerSocket dripping = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread drip = Thread.ofVirtual().start(() -> drip(dripping));
      for (int port : new int[] {silent.port(), dripping.getLocalPort()}) {
        long begun = System.nanoTime();
        String text = failure(within(port, Duration.ofMillis(500)));
        assertTrue(text.contains("within 500 ms"), text);
        assertTrue(System.nanoTime() - begun < 5e9, text);
      }
      drip.join(Duration.ofSeconds(20)); // it writes until its socket is closed
      assertFalse(drip.isAlive(), "the connection was left open");
    }
  }

  private static SmtpConfig within(int port, Duration timeout) {
    SmtpConfig usual = config(port, SmtpConfig.Security.NONE, "");
    return new SmtpConfig(
        usual.host(),
        port,
        usual.security(),
        usual.user(),
        usual.password(),
        usual.from(),
        timeout,
        usual.caCert());
  }

  /** Says something now and then, so that no time-out of a read ever ends it. */
  private static void drip(ServerSocket listening) {
    try (Socket socket = listening.accept()) {
      while (true) {
        socket.getOutputStream().write("220-wait\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        LockSupport.parkNanos(20_000_000);
      }
    } catch (IOException left) {
      // the client closed it
    }
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.setUser("jubal@example.com", "jubal", "another");
    server.start();
    try {
      String text = failure(config(server.getSmtp().getPort(), SmtpConfig.Security.NONE, PASSWORD));
      assertFalse(text.contains(PASSWORD), text);
      assertFalse(config(1, SmtpConfig.Security.NONE, PASSWORD).toString().contains(PASSWORD));
    } finally {
      server.stop();
    }
  }

  @Test
  void aPasswordIsNotSentInPlainTextToAnotherMachine() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> {
              var _ =
                  Mailer.of(
                      new SmtpConfig(
                          Optional.of("mail.example.com"),
                          25,
                          SmtpConfig.Security.NONE,
                          Optional.of("u"),
                          Optional.of(new Secret(PASSWORD)),
                          Optional.of("jubal@example.com"),
                          Duration.ofSeconds(1),
                          Optional.empty()));
            });
    assertTrue(String.valueOf(refused.getMessage()).contains("alert.smtp.security"));
  }
}
