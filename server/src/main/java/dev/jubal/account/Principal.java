package dev.jubal.account;

import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.TeamTerms;
import dev.jubal.account.token.ClientToken;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * Who calls: a key, its user and its team.
 *
 * @param acls what the key may do, as {@code api-key:endpoint:NAME}, {@code api-key:model:NAME} and
 *     {@code api-key:tool:NAME}
 * @param terms what its team agreed
 * @param account what it is limited and billed by
 * @param credential by what it came in
 */
public record Principal(
    String keyId,
    String keyName,
    String redactedKey,
    String userId,
    String teamId,
    List<String> acls,
    TeamTerms terms,
    Account account,
    Credential credential) {
  public Principal {
    acls = List.copyOf(acls);
  }

  /** One who came in by nothing that is known. */
  public Principal(
      String keyId,
      String keyName,
      String redactedKey,
      String userId,
      String teamId,
      List<String> acls,
      TeamTerms terms,
      Account account) {
    this(keyId, keyName, redactedKey, userId, teamId, acls, terms, account, Credential.NONE);
  }

  /** One whose team has the usual terms. */
  public Principal(
      String keyId,
      String keyName,
      String redactedKey,
      String userId,
      String teamId,
      List<String> acls) {
    this(keyId, keyName, redactedKey, userId, teamId, acls, TeamTerms.USUAL);
  }

  /** One who is limited and billed as usual. */
  public Principal(
      String keyId,
      String keyName,
      String redactedKey,
      String userId,
      String teamId,
      List<String> acls,
      TeamTerms terms) {
    this(keyId, keyName, redactedKey, userId, teamId, acls, terms, Account.USUAL);
  }

  /** The same, in a part of the team. */
  public Principal of(Optional<String> project) {
    return new Principal(
        keyId, keyName, redactedKey, userId, teamId, acls, terms, account.of(project), credential);
  }

  /** The same, by a token made from its key: with no more than both of them allow. */
  Principal by(ClientToken token) {
    return new Principal(
        keyId,
        keyName,
        redactedKey,
        userId,
        teamId,
        Acls.within(token.acls(), acls),
        terms,
        account,
        new Credential(credential.mark(), Optional.of(token)));
  }

  /** The rows it has by its key as that is now: all of the key's, or what its token has of them. */
  public List<String> acls(ApiKey key) {
    return credential.token().map(t -> Acls.within(t.acls(), key.acls())).orElse(key.acls());
  }

  /** The end user its token was made for. */
  public Optional<String> boundTo() {
    return credential.token().flatMap(ClientToken::endUser);
  }

  /**
   * For whom a request is: whom it names, or whom its token was made for.
   *
   * @throws ApiException 403 when it names somebody else than its token
   */
  public Optional<String> endUser(Optional<String> named) {
    Optional<String> bound = boundTo();
    Optional<String> said = named.filter(u -> !u.isEmpty());
    if (bound.isPresent() && said.isPresent() && !said.equals(bound)) {
      throw ApiException.of(
          ErrorCode.PERMISSION_DENIED,
          "user",
          "user: \""
              + said.get()
              + "\", but the client token was made for \""
              + bound.get()
              + "\" (expected: that one, or none).");
    }
    return bound.or(() -> said);
  }

  /**
   * Its team, for what the team has stored, which does not say for which end user it is.
   *
   * @throws ApiException 403 for a token that was made for one end user
   */
  public String teamOfStored() {
    if (boundTo().isPresent()) {
      throw new ApiException(
          ErrorCode.PERMISSION_DENIED,
          "A client token that was made for one end user may not use what its team has stored"
              + " (expected: the API key itself, or a token without a user).");
    }
    return teamId;
  }

  /** How many turns at an engine its team gets for each one of a team of weight 1. */
  public int weight() {
    return terms.weight();
  }

  public boolean mayCall(String endpoint) {
    return acls.contains("api-key:endpoint:*") || acls.contains("api-key:endpoint:" + endpoint);
  }

  public boolean mayUse(String model) {
    return acls.contains("api-key:model:*") || acls.contains("api-key:model:" + model);
  }

  /** Whether it may give a model that tool: any, unless its rows name some. */
  public boolean mayOffer(String tool) {
    return acls.contains(Acls.TOOL + "*")
        || acls.contains(Acls.TOOL + tool)
        || acls.stream().noneMatch(row -> row.startsWith(Acls.TOOL));
  }
}
