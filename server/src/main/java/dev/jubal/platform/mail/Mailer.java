package dev.jubal.platform.mail;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Secret;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends one mail at a time through the configured server, each over a connection of its own.
 * Thread-safe; blocks for the configured time at most, whatever the server does.
 */
public final class Mailer implements AutoCloseable {
  private static final int MOST_DETAIL = 200;

  private final SmtpConfig config;
  private final String host;
  private final String from;
  private final Session session;
  // of its own, so that a thread in a read can be interrupted, which closes its socket
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Mailer(SmtpConfig config, String host, String from) {
    this.config = config;
    this.host = host;
    this.from = from;
    this.session = Session.getInstance(properties(config, from));
  }

  /**
   * One for a configuration; empty where it names no server.
   *
   * @throws ConfigException when its parts do not fit together, or the certificates cannot be read
   */
  public static Optional<Mailer> of(SmtpConfig config) {
    config.check();
    return config.host().map(host -> new Mailer(config, host, config.from().orElseThrow()));
  }

  /**
   * A mail in plain text to one address.
   *
   * @param id tells repetitions; letters, digits and dashes
   */
  public record Mail(String id, String to, String subject, String text, Instant at) {}

  private static Properties properties(SmtpConfig config, String from) {
    Properties p = new Properties();
    String millis = Long.toString(config.timeout().toMillis());
    p.put("mail.smtp.connectiontimeout", millis);
    p.put("mail.smtp.timeout", millis);
    p.put("mail.smtp.localhost", domain(from)); // else the machine's name is looked up
    p.put("mail.smtp.ssl.checkserveridentity", "true");
    p.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
    switch (config.security()) {
      case STARTTLS -> {
        p.put("mail.smtp.starttls.enable", "true");
        p.put("mail.smtp.starttls.required", "true");
      }
      case TLS -> p.put("mail.smtp.ssl.enable", "true");
      case NONE -> {}
    }
    config.caCert().ifPresent(file -> p.put("mail.smtp.ssl.socketFactory", trusting(file)));
    return p;
  }

  private static Object trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore believed = KeyStore.getInstance(KeyStore.getDefaultType());
      believed.load(null, null);
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        believed.setCertificateEntry("ca-" + believed.size(), one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(believed);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigException(
          "alert.smtp.ca-cert: " + file + " cannot be read (expected: certificates in PEM).");
    }
  }

  /**
   * Sends a mail.
   *
   * @throws MailFailure when the server did not accept it within the time
   */
  public void send(Mail mail) throws MailFailure {
    Future<Boolean> sent;
    try {
      sent =
          threads.submit(
              () -> {
                deliver(mail);
                return true;
              });
    } catch (RejectedExecutionException e) {
      throw new MailFailure("the server is stopping");
    }
    try {
      var _ = sent.get(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new MailFailure(
          "the mail server did not accept it within "
              + config.timeout().toMillis()
              + " ms (expected: one that answers; alert.smtp.timeout)");
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw new MailFailure("the server is stopping");
    } catch (ExecutionException e) {
      throw new MailFailure(said(e.getCause()));
    }
  }

  private void deliver(Mail mail) throws MessagingException {
    MimeMessage message = new Identified(session, "<" + mail.id() + "@" + domain(from) + ">");
    message.setFrom(new InternetAddress(from));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to()));
    message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
    message.setText(mail.text(), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(mail.at()));
    message.setHeader("Auto-Submitted", "auto-generated");
    message.saveChanges();
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect(
          host,
          config.port(),
          config.user().orElse(null),
          config.password().map(Secret::reveal).orElse(null));
      transport.sendMessage(message, message.getAllRecipients());
    }
  }

  /** What went wrong, without what was secret and without what would break a line of a log. */
  private String said(@Nullable Throwable cause) {
    String text = String.valueOf(cause == null ? null : cause.getMessage());
    String clear =
        config
            .password()
            .map(p -> text.replace(p.reveal(), "***"))
            .orElse(text)
            .replaceAll("\\p{Cntrl}+", " ")
            .strip();
    return "the mail server: "
        + (clear.length() > MOST_DETAIL ? clear.substring(0, MOST_DETAIL) + "..." : clear);
  }

  private static String domain(String address) {
    return address.substring(address.indexOf('@') + 1);
  }

  /** A message whose id is the same each time it is sent. */
  private static final class Identified extends MimeMessage {
    private final String id;

    Identified(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
