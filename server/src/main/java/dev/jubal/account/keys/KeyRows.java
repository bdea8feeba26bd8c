package dev.jubal.account.keys;

import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Keys out of their rows. */
final class KeyRows {
  private static final String SELECT =
      "SELECT k.*, u.team_id, u.disabled AS user_disabled, t.policy, t.tier, t.plan FROM api_key k"
          + " JOIN app_user u ON u.id = k.user_id JOIN team t ON t.id = u.team_id ";

  private KeyRows() {}

  /**
   * A key with what decides about it.
   *
   * @param userDisabled whether its user is
   * @param until when the secret it was found by ends, if that is a former one
   */
  record Standing(ApiKey key, String hash, boolean userDisabled, Optional<Instant> until) {
    TeamPolicy team() {
      return key.team();
    }

    private Standing until(Former secret) {
      return new Standing(key, secret.hash(), userDisabled, Optional.of(secret.until()));
    }
  }

  private record Former(String keyId, String hash, Instant until) {}

  /** The key of a hash; compared once more in constant time, as an index lookup is not. */
  static Optional<Standing> bySecret(Session s, String hash) {
    return list(s, "WHERE k.secret_hash = ?", hash).stream()
        .filter(f -> SecretText.same(f.hash(), hash))
        .findFirst()
        .or(() -> former(s, hash));
  }

  private static Optional<Standing> former(Session s, String hash) {
    return s.first("SELECT * FROM api_key_former WHERE secret_hash = ?", KeyRows::former, hash)
        .filter(f -> SecretText.same(f.hash(), hash))
        .flatMap(f -> standing(s, f.keyId()).map(of -> of.until(f)));
  }

  /** The key of an id, as long as it has, or still had of late, a secret of that mark. */
  static Optional<Standing> byMark(Session s, String id, String mark) {
    return standing(s, id)
        .flatMap(
            of ->
                SecretText.marks(mark, of.hash())
                    ? Optional.of(of)
                    : s
                        .list("SELECT * FROM api_key_former WHERE key_id = ?", KeyRows::former, id)
                        .stream()
                        .filter(f -> SecretText.marks(mark, f.hash()))
                        .findFirst()
                        .map(f -> of.until(f)));
  }

  private static Former former(Row row) throws SQLException {
    return new Former(row.text("key_id"), row.text("secret_hash"), row.instant("valid_until_us"));
  }

  static Optional<Standing> standing(Session s, String id) {
    return list(s, "WHERE k.id = ?", id).stream().findFirst();
  }

  static Optional<ApiKey> byId(Session s, String id) {
    return standing(s, id).map(Standing::key);
  }

  static List<Standing> list(Session s, String rest, Object... arguments) {
    return s.list(SELECT + rest, row -> standing(s, row), arguments);
  }

  private static Standing standing(Session s, Row row) throws SQLException {
    String id = row.text("id");
    List<String> acls =
        s.list("SELECT acl FROM api_key_acl WHERE key_id = ? ORDER BY acl", r -> r.text("acl"), id);
    ApiKey key =
        new ApiKey(
            id,
            row.text("name"),
            row.text("redacted"),
            row.text("user_id"),
            row.text("team_id"),
            acls,
            row.instant("created_us"),
            row.instant("modified_us"),
            row.maybeInstant("expires_us"),
            row.flag("disabled"),
            row.maybeInstant("deleted_us"),
            account(row),
            TeamPolicy.parse(row.text("policy")));
    return new Standing(key, row.text("secret_hash"), row.flag("user_disabled"), Optional.empty());
  }

  private static Account account(Row row) throws SQLException {
    return new Account(
        row.text("tier"),
        row.text("plan"),
        row.maybeText("project_id"),
        new Account.Limits(limit(row, "qps"), limit(row, "qpm"), limit(row, "tpm")));
  }

  private static OptionalLong limit(Row row, String column) throws SQLException {
    return row.maybeWhole(column).map(OptionalLong::of).orElse(OptionalLong.empty());
  }
}
