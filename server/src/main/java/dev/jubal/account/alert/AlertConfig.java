package dev.jubal.account.alert;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import dev.jubal.platform.mail.SmtpConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Start-up configuration of alerts. */
public record AlertConfig(
    @Key(value = "15s", doc = "How often alert rules are looked at; 0s never.") Duration every,
    @Key(
            doc =
                "Addresses of the operator's own that alerts may be sent to although they are"
                    + " private, as whole URLs, comma between; all others must be public.")
        String ownHooks,
    SmtpConfig smtp) {
  /** Rules are looked at; nothing private is called and no mail is sent. */
  public static final AlertConfig STANDARD =
      new AlertConfig(Duration.ofSeconds(15), "", SmtpConfig.OFF);

  public AlertConfig {
    if (every.isNegative()) {
      throw new ConfigException("alert.every: " + every + " (expected: 0s or more).");
    }
  }

  /** The same as a list. */
  List<String> own() {
    return Arrays.stream(ownHooks.split(",", -1))
        .map(String::strip)
        .filter(url -> !url.isEmpty())
        .toList();
  }
}
