package dev.jubal.api.management;

import dev.jubal.account.keys.ApiKey;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.platform.json.CamelCase;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Times;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The records of API keys as the management API writes them; times in RFC 3339. */
final class KeyWire {
  private KeyWire() {}

  /**
   * A key.
   *
   * @param apiKey the secret, only when it was just made
   * @param tpm a whole number as text, as xAI writes it
   * @param projectId the part of the team it belongs to; ours
   */
  @CamelCase
  record Key(
      String redactedApiKey,
      @Nullable String apiKey,
      String userId,
      String name,
      String createTime,
      String modifyTime,
      String teamId,
      String apiKeyId,
      boolean disabled,
      @Nullable String expireTime,
      @Nullable Long qps,
      @Nullable Long qpm,
      @Nullable String tpm,
      List<String> aclStrings,
      @Nullable String projectId) {

    static Key of(ApiKey key) {
      return of(key, null);
    }

    static Key of(IssuedKey issued) {
      return of(issued.key(), issued.secret().reveal());
    }

    private static Key of(ApiKey key, @Nullable String secret) {
      OptionalLong tpm = key.account().own().tpm();
      return new Key(
          key.redacted(),
          secret,
          key.userId(),
          key.name(),
          Times.text(key.created()),
          Times.text(key.modified()),
          key.teamId(),
          key.id(),
          key.disabled(),
          key.expires().map(Times::text).orElse(null),
          whole(key.account().own().qps()),
          whole(key.account().own().qpm()),
          tpm.isPresent() ? Long.toString(tpm.getAsLong()) : null,
          key.acls(),
          key.account().project().orElse(null));
    }

    private static @Nullable Long whole(OptionalLong limit) {
      return limit.isPresent() ? limit.getAsLong() : null;
    }
  }

  /** A page of keys; without a token it is the last one. */
  @CamelCase
  record Page(List<Key> apiKeys, @Nullable String paginationToken) {}

  /** What a new key is to be. */
  @CamelCase
  record Create(
      @Field(value = "1 to 128 printable characters.", required = true) @Nullable String name,
      @Field("Rows such as api-key:endpoint:chat; without any the key can do nothing.")
          @Nullable List<String> acls,
      @Field(
              value = "Requests a second.",
              types = {"string", "integer"})
          @Nullable JsonNode qps,
      @Field(
              value = "Requests a minute.",
              types = {"string", "integer"})
          @Nullable JsonNode qpm,
      @Field(
              value = "Tokens a minute.",
              types = {"string", "integer"})
          @Nullable JsonNode tpm,
      @Field("When it stops being valid, in RFC 3339.") @Nullable String expireTime,
      @Field("Whose it is; by default the team's first user. Ours.") @Nullable String userId,
      @Field("The project it belongs to. Ours.") @Nullable String projectId) {}

  /** What to change, and the names of it. */
  @CamelCase
  record Update(
      @Field(value = "The new values of the fields the mask names.", required = true)
          @Nullable Patch apiKey,
      @Field(
              value =
                  "Names separated by commas: name, disabled, acls, qps, qpm, tpm, expireTime,"
                      + " projectId.",
              required = true)
          @Nullable String fieldMask) {}

  /** New values; what cannot be changed passes, so that a key may be sent as it was read. */
  @CamelCase
  record Patch(
      @Nullable String name,
      @Nullable Boolean disabled,
      @Nullable List<String> acls,
      @Field("The same as acls, by the name of the answers.") @Nullable List<String> aclStrings,
      @Field(types = {"string", "integer"}) @Nullable JsonNode qps,
      @Field(types = {"string", "integer"}) @Nullable JsonNode qpm,
      @Field(types = {"string", "integer"}) @Nullable JsonNode tpm,
      @Nullable String expireTime,
      @Nullable String projectId,
      @Field(support = Field.Support.SILENT) @Nullable JsonNode redactedApiKey,
      @Field(support = Field.Support.SILENT) @Nullable JsonNode apiKeyId,
      @Field(support = Field.Support.SILENT) @Nullable JsonNode userId,
      @Field(support = Field.Support.SILENT) @Nullable JsonNode teamId,
      @Field(support = Field.Support.SILENT) @Nullable JsonNode createTime,
      @Field(support = Field.Support.SILENT) @Nullable JsonNode modifyTime) {}

  /**
   * Where a key's latest change holds.
   *
   * @param icPropagation whether it does, by node
   * @param settledTime when it holds on every node that shares the database
   */
  @CamelCase
  record Propagation(Map<String, Boolean> icPropagation, String settledTime) {}

  /** Nothing. */
  record Empty() {}
}
