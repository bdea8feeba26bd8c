package dev.jubal.account.webhook;

import dev.jubal.platform.config.Secret;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.sql.Database;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What the calls of a team are signed with: {@code whsec_} and 32 random bytes in base64, sealed
 * for the team. Thread-safe.
 */
public final class WebhookSecrets {
  /** How long the secret before a new one signs as well, so that a receiver can change over. */
  static final Duration OVERLAP = Duration.ofHours(24);

  private static final String PREFIX = "whsec_";
  private static final int BYTES = 32;

  private final Database database;
  private final Vault vault;
  private final InstantSource now;
  private final SecureRandom random = new SecureRandom();

  public WebhookSecrets(Database database, Vault vault, InstantSource now) {
    this.database = database;
    this.vault = vault;
    this.now = now;
  }

  /** A row. */
  private record Stored(Instant created, byte[] sealed) {}

  /** Makes a new secret, which is told this once. */
  public Secret fresh(String teamId) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String text = PREFIX + Base64.getEncoder().encodeToString(bytes);
    byte[] sealed = vault.seal(teamId, context(), text.getBytes(StandardCharsets.US_ASCII));
    database.write(
        s -> {
          s.update(
              "DELETE FROM webhook_secret WHERE team_id = ? AND created_us <"
                  + " (SELECT MAX(created_us) FROM webhook_secret WHERE team_id = ?)",
              teamId,
              teamId);
          return s.update(
              "INSERT INTO webhook_secret (team_id, created_us, secret) VALUES (?, ?, ?)",
              teamId,
              now.instant(),
              sealed);
        });
    return new Secret(text);
  }

  /** What signs now, newest first; empty when the team has none. */
  public List<byte[]> keys(String teamId) {
    List<Stored> stored =
        database.read(
            s ->
                s.list(
                    "SELECT created_us, secret FROM webhook_secret WHERE team_id = ?"
                        + " ORDER BY created_us DESC",
                    row -> new Stored(row.instant("created_us"), row.bytes("secret")),
                    teamId));
    List<byte[]> keys = new ArrayList<>();
    for (Stored one : stored) {
      boolean signs =
          keys.isEmpty() || now.instant().isBefore(stored.getFirst().created().plus(OVERLAP));
      if (signs) {
        String text =
            new String(vault.open(teamId, context(), one.sealed()), StandardCharsets.US_ASCII);
        keys.add(Base64.getDecoder().decode(text.substring(PREFIX.length())));
      }
    }
    return keys;
  }

  private static String context() {
    return "webhook/secret";
  }
}
