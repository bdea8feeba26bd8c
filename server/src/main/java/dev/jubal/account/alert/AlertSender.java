package dev.jubal.account.alert;

import dev.jubal.account.webhook.SignedCalls;
import dev.jubal.account.webhook.SignedCalls.Outcome;
import dev.jubal.account.webhook.WebhookSecrets;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.mail.MailFailure;
import dev.jubal.platform.mail.Mailer;
import dev.jubal.platform.net.NetConfig;
import dev.jubal.platform.net.PublicHttp;
import dev.jubal.platform.net.Resolver;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Tells one of an alert, once. Addresses have to be public, but for the operator's own, which the
 * configuration names one by one. Thread-safe; blocks.
 */
public final class AlertSender implements AutoCloseable {
  private static final String ANYWHERE = "0.0.0.0/0, ::/0";

  private final InstantSource now;
  private final Set<String> ownHooks;
  private final PublicHttp publicHttp;
  private final PublicHttp ownHttp;
  private final SignedCalls calls;
  private final SignedCalls ownCalls;
  private final Optional<Mailer> mailer;

  public AlertSender(
      AlertConfig config, NetConfig net, Database database, Vault vault, InstantSource now) {
    WebhookSecrets secrets = new WebhookSecrets(database, vault, now);
    this.now = now;
    this.ownHooks = Set.copyOf(config.own());
    this.publicHttp = new PublicHttp(net, Resolver.system());
    this.ownHttp = new PublicHttp(new NetConfig(ANYWHERE, net.deniedNetworks()), Resolver.system());
    this.calls = new SignedCalls(secrets, publicHttp, now);
    this.ownCalls = new SignedCalls(secrets, ownHttp, now);
    this.mailer = Mailer.of(config.smtp());
  }

  /** How somebody is told. */
  public enum Medium {
    WEBHOOK,
    EMAIL;

    /** As it is stored and shown. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * Passes when those can be told.
   *
   * @throws ApiException 400 that names the field
   */
  public void check(String team, AlertRule.Destinations to) {
    if (!to.emails().isEmpty() && mailer.isEmpty()) {
      throw AlertRule.wrong(
          "emails",
          to.emails().size() + " of them",
          "none, as this server has no mail server: alert.smtp.host");
    }
    to.url().ifPresent(url -> calls(url).check(team, url, "url"));
  }

  private SignedCalls calls(String url) {
    return ownHooks.contains(url) ? ownCalls : calls;
  }

  /** Tells somebody. */
  SignedCalls.Result send(Medium medium, String destination, Alert alert) {
    return switch (medium) {
      case WEBHOOK ->
          calls(destination).call(alert.teamId(), destination, alert.messageId(), alert.json());
      case EMAIL -> mail(destination, alert);
    };
  }

  private SignedCalls.Result mail(String to, Alert alert) {
    if (mailer.isEmpty()) {
      return new SignedCalls.Result(Outcome.FAILED, "there is no mail server: alert.smtp.host");
    }
    try {
      mailer
          .get()
          .send(
              new Mailer.Mail(alert.messageId(), to, alert.subject(), alert.text(), now.instant()));
      return new SignedCalls.Result(Outcome.DELIVERED, "the mail server accepted it");
    } catch (MailFailure e) {
      return new SignedCalls.Result(Outcome.FAILED, e.text());
    }
  }

  @Override
  public void close() {
    mailer.ifPresent(Mailer::close);
    publicHttp.close();
    ownHttp.close();
  }
}
