package dev.jubal.api.account;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of what a key is told about itself. */
final class AccountWire {
  private AccountWire() {}

  /**
   * {@code GET /v1/api-key}; times in RFC 3339. What stands behind {@code apiKeyDisabled} is ours.
   */
  record Key(
      String redactedApiKey,
      String userId,
      String name,
      String createTime,
      String modifyTime,
      String modifiedBy,
      String teamId,
      List<String> acls,
      String apiKeyId,
      boolean teamBlocked,
      boolean apiKeyBlocked,
      boolean apiKeyDisabled,
      @Nullable String expireTime,
      @Nullable Long qps,
      @Nullable Long qpm,
      @Nullable Long tpm,
      @Nullable String projectId) {}

  /** {@code GET /v1/me}. */
  record Me(String userId, String teamId, String zdrStatus, boolean teamBlocked, Caller apiKey) {}

  /** The key that calls. */
  record Caller(String redactedApiKey, String apiKeyId, boolean blocked, boolean disabled) {}
}
