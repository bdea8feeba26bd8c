package dev.jubal.platform.mail;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import dev.jubal.platform.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Start-up configuration of the server that mail is sent through. */
public record SmtpConfig(
    @Key(doc = "The mail server; without it no mail is sent.") Optional<String> host,
    @Key(value = "587", doc = "Its port: usually 587 with starttls, 465 with tls.") int port,
    @Key(
            value = "starttls",
            doc =
                "starttls = plain text at first and encrypted before anything is said, or not at"
                    + " all; tls = encrypted from the start; none = never, for a server of the own"
                    + " machine.")
        Security security,
    @Key(doc = "Who signs in there; without it nobody does.") Optional<String> user,
    @Key(doc = "The password; better in JUBAL_ALERT_SMTP_PASSWORD than on a command line.")
        Optional<Secret> password,
    @Key(doc = "The address that mail comes from, such as jubal@example.com.")
        Optional<String> from,
    @Key(value = "15s", doc = "The time for one mail, from the connection to its acceptance.")
        Duration timeout,
    @Key(doc = "Certificates in PEM that are believed in place of the JVM's, for an own authority.")
        Optional<Path> caCert) {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** How the connection is encrypted. */
  public enum Security {
    STARTTLS,
    TLS,
    NONE
  }

  /** No mail is sent. */
  public static final SmtpConfig OFF =
      new SmtpConfig(
          Optional.empty(),
          587,
          Security.STARTTLS,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Duration.ofSeconds(15),
          Optional.empty());

  public SmtpConfig {
    if (port < 1 || port > 65_535) {
      throw new ConfigException("alert.smtp.port: " + port + " (expected: 1 to 65535).");
    }
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
      throw new ConfigException("alert.smtp.timeout: " + timeout + " (expected: 1ms to 5m).");
    }
  }

  /**
   * Passes when its parts fit together, which may come from several sources.
   *
   * @throws ConfigException that names them
   */
  void check() {
    if (host.isPresent() && from.filter(SmtpConfig::address).isEmpty()) {
      throw new ConfigException(
          "alert.smtp.from: \""
              + from.orElse("")
              + "\" (expected: an address such as jubal@example.com, as alert.smtp.host is set).");
    }
    if (user.isPresent() != password.isPresent()) {
      throw new ConfigException(
          "alert.smtp.user and alert.smtp.password: only one is set (expected: both or neither).");
    }
    if (security == Security.NONE && password.isPresent() && !local(host.orElse(""))) {
      throw new ConfigException(
          "alert.smtp.security: none, with a password and a server elsewhere (expected: starttls or"
              + " tls, so that nobody reads the password on its way).");
    }
  }

  private static boolean local(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127\\.[0-9.]+");
  }

  /** Whether a text has the form of one plain address. */
  public static boolean address(String text) {
    return text.length() <= 254
        && text.matches(
            "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?");
  }
}
