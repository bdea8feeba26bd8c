package dev.jubal.account.management;

import dev.jubal.account.keys.Refusals;
import dev.jubal.account.keys.SecretText;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.DatabaseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Who calls with the session of a sign-in, and may do what the roles say now. Nothing is cached.
 * Thread-safe.
 */
public final class OperatorGate {
  private static final String WHERE =
      " Sign in at /auth/oidc/login, or send a management key in the header Authorization.";

  private final OperatorStore store;
  private final Roles roles;
  private final InstantSource now;
  private final Refusals refusals;

  public OperatorGate(OperatorStore store, Roles roles, InstantSource now, Refusals refusals) {
    this.store = store;
    this.roles = roles;
    this.now = now;
    this.refusals = refusals;
  }

  /**
   * The caller of a session's secret.
   *
   * @throws ApiException 401 for an unknown, ended or expired one, 403 where no role is left to
   *     somebody, 503 when the database cannot be read
   */
  public Manager authenticate(String secret) {
    OperatorSession session =
        find(secret)
            .orElseThrow(() -> refused(Refusals.Reason.UNKNOWN, "Nobody is signed in by that."));
    if (session.ended().isPresent()) {
      throw refused(
          Refusals.Reason.DISABLED, "The sign-in was ended at " + session.ended().get() + ".");
    }
    if (!session.holds(now.instant())) {
      throw refused(Refusals.Reason.EXPIRED, "The sign-in was over at " + session.expires() + ".");
    }
    List<String> rights = roles.rights(session.groups());
    if (rights.isEmpty()) {
      throw refusals.count(
          Refusals.Reason.ACL,
          new ApiException(
              ErrorCode.PERMISSION_DENIED,
              session.name()
                  + " may do nothing here any more (expected: a group that oidc.roles names)."));
    }
    return new Manager(key(session, rights), Optional.of(session));
  }

  private Optional<OperatorSession> find(String secret) {
    try {
      return store.find(secret);
    } catch (DatabaseException e) {
      throw ApiException.unavailable("Sign-ins cannot be checked now.", e);
    }
  }

  /** The management key that the session stands for as long as it holds. */
  private static ManagementKey key(OperatorSession session, List<String> rights) {
    return new ManagementKey(
        session.id(),
        session.name(),
        "sign-in",
        Optional.empty(),
        rights,
        session.created(),
        session.created(),
        Optional.of(session.expires()),
        false);
  }

  private ApiException refused(Refusals.Reason reason, String why) {
    return refusals.count(reason, new ApiException(ErrorCode.INVALID_API_KEY, why + WHERE));
  }

  /**
   * What a page of this server sends with everything that changes something, so that another page
   * cannot have the browser send it: follows from the session's secret, which no page can read.
   */
  public static String proof(String secret) {
    return SecretText.hash("cross-site proof of " + secret);
  }

  /**
   * Passes when a request proves that a page of this server made it.
   *
   * @throws ApiException 403
   */
  public void checkProof(String secret, Optional<String> sent) {
    if (sent.filter(p -> SecretText.same(p, proof(secret))).isEmpty()) {
      throw refusals.count(
          Refusals.Reason.ORIGIN,
          new ApiException(
              ErrorCode.PERMISSION_DENIED,
              "The request changes something and lacks the proof that a page of this server made it"
                  + " (expected: the header x-csrf-token with csrf_token of GET /auth/oidc/me)."));
    }
  }
}
