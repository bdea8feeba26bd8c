package dev.jubal.api.token;

import dev.jubal.platform.json.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of a token that is made. */
final class TokenWire {
  private TokenWire() {}

  /** What it is to be. */
  record Create(
      @Field("How long it is valid; 300 seconds by default.") @Nullable Lifetime expiresAfter,
      @Field(value = "Models it may use; those of the key by default.", max = 64)
          @Nullable List<String> models,
      @Field(value = "Endpoints it may call, such as chat; those of the key by default.", max = 64)
          @Nullable List<String> endpoints,
      @Field(value = "Tools its requests may offer; those of the key by default.", max = 64)
          @Nullable List<String> tools,
      @Field("The end user for whom every request with it is.") @Nullable String user,
      @Field("The only origin whose pages may use it, such as https://app.example.com.")
          @Nullable String origin) {}

  record Lifetime(
      @Field(value = "Seconds.", required = true, min = 1, max = 3600) @Nullable Long seconds) {}

  /**
   * What it became.
   *
   * @param value the token, shown this once
   * @param expiresAt in seconds of Unix time
   * @param acls the rows it has, within those of the key
   */
  record Token(
      String object,
      String value,
      long expiresAt,
      List<String> acls,
      @Nullable String user,
      @Nullable String origin) {}
}
