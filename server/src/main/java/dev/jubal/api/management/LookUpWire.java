package dev.jubal.api.management;

import dev.jubal.account.management.ManagementKey;
import dev.jubal.platform.json.CamelCase;
import dev.jubal.platform.json.Times;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of what a management key is told about itself, and of what ACL rows may name. */
final class LookUpWire {
  private LookUpWire() {}

  /**
   * A management key.
   *
   * @param scope SCOPE_TEAM for one team, SCOPE_ORGANIZATION for all of the server
   * @param scopeId the team, for one team
   */
  @CamelCase
  record Validation(
      String apiKeyId,
      String redactedApiKey,
      String name,
      @Nullable String teamId,
      String scope,
      @Nullable String scopeId,
      List<String> acls,
      String createTime,
      String modifyTime,
      @Nullable String expireTime) {
    static Validation of(ManagementKey key) {
      String team = key.teamId().orElse(null);
      return new Validation(
          key.id(),
          key.redacted(),
          key.name(),
          team,
          team == null ? "SCOPE_ORGANIZATION" : "SCOPE_TEAM",
          team,
          key.acls(),
          Times.text(key.created()),
          Times.text(key.modified()),
          key.expires().map(Times::text).orElse(null));
    }
  }

  /**
   * Names that a row {@code api-key:model:NAME} may hold.
   *
   * @param acl the row
   */
  @CamelCase
  record Named(String name, List<String> aliases, String acl) {}

  @CamelCase
  record Models(List<Named> models) {}

  /** Rows about endpoints. */
  @CamelCase
  record Endpoints(List<String> acls) {}
}
