package dev.jubal.account.enduser;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Printable;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The end users of teams. Thread-safe. */
public final class EndUserStore {
  private static final int MOST_ID = 512;
  private static final int MOST_CONSENTS = 100;

  private final Database database;
  private final InstantSource now;

  public EndUserStore(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /** What is said of somebody, all of it. */
  public record Attributes(
      EndUser.AgeGroup ageGroup,
      Optional<EndUser.Verification> verification,
      List<EndUser.Consent> consents) {}

  /** Somebody of a team; empty when nothing was said of that name. */
  public Optional<EndUser> get(String teamId, String id) {
    return database.read(s -> find(s, teamId, id));
  }

  /**
   * Says all of somebody anew.
   *
   * @throws ApiException 400 that names the wrong field
   */
  public EndUser put(String teamId, String id, Attributes said) {
    if (!Printable.is(id, MOST_ID)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "end_user_id",
          "end_user_id: (expected: 1-" + MOST_ID + " printable characters).");
    }
    check(said.consents());
    return database.write(
        s -> {
          write(s, teamId, id, said, now.instant());
          return find(s, teamId, id).orElseThrow();
        });
  }

  private static void check(List<EndUser.Consent> consents) {
    if (consents.size() > MOST_CONSENTS) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "consents",
          "consents: " + consents.size() + " of them (expected: at most " + MOST_CONSENTS + ").");
    }
    Set<String> purposes = new HashSet<>();
    for (EndUser.Consent consent : consents) {
      if (!consent.purpose().matches("[a-z0-9._-]{1,64}")) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "consents",
            "consents: the purpose \""
                + consent.purpose()
                + "\" (expected: 1-64 small letters, digits, dots, dashes or underscores).");
      }
      if (!purposes.add(consent.purpose())) {
        throw ApiException.of(
            ErrorCode.INVALID_VALUE,
            "consents",
            "consents: the purpose " + consent.purpose() + " twice (expected: each once).");
      }
    }
  }

  private static void write(Session s, String team, String id, Attributes said, Instant at) {
    Optional<String> method = said.verification().map(EndUser.Verification::method);
    Optional<Instant> verified = said.verification().map(EndUser.Verification::at);
    int changed =
        s.update(
            "UPDATE end_user SET age_group = ?, verified_by = ?, verified_us = ?, modified_us = ?"
                + " WHERE team_id = ? AND end_user = ?",
            said.ageGroup().word(),
            method,
            verified,
            at,
            team,
            id);
    if (changed == 0) {
      s.update(
          "INSERT INTO end_user (team_id, end_user, age_group, verified_by, verified_us,"
              + " created_us, modified_us) VALUES (?, ?, ?, ?, ?, ?, ?)",
          team,
          id,
          said.ageGroup().word(),
          method,
          verified,
          at,
          at);
    }
    s.update("DELETE FROM end_user_consent WHERE team_id = ? AND end_user = ?", team, id);
    for (EndUser.Consent consent : said.consents()) {
      s.update(
          "INSERT INTO end_user_consent (team_id, end_user, purpose, granted_us, expires_us)"
              + " VALUES (?, ?, ?, ?, ?)",
          team,
          id,
          consent.purpose(),
          consent.granted(),
          consent.expires());
    }
  }

  private static Optional<EndUser> find(Session s, String team, String id) {
    return s.first(
        "SELECT * FROM end_user WHERE team_id = ? AND end_user = ?",
        row -> endUser(row, consents(s, team, id)),
        team,
        id);
  }

  private static List<EndUser.Consent> consents(Session s, String team, String id) {
    return s.list(
        "SELECT * FROM end_user_consent WHERE team_id = ? AND end_user = ? ORDER BY purpose",
        row ->
            new EndUser.Consent(
                row.text("purpose"), row.instant("granted_us"), row.maybeInstant("expires_us")),
        team,
        id);
  }

  private static EndUser endUser(Row row, List<EndUser.Consent> consents) throws SQLException {
    Optional<String> method = row.maybeText("verified_by");
    Optional<Instant> at = row.maybeInstant("verified_us");
    return new EndUser(
        row.text("team_id"),
        row.text("end_user"),
        EndUser.AgeGroup.of(row.text("age_group")).orElseThrow(),
        method.flatMap(m -> at.map(t -> new EndUser.Verification(m, t))),
        consents,
        row.instant("created_us"),
        row.instant("modified_us"));
  }
}
