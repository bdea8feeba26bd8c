package dev.jubal.api.tokenize;

import dev.jubal.platform.json.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of {@code POST /v1/tokenize-text}. */
final class TokenizeWire {
  private TokenizeWire() {}

  /** A request. */
  record Request(
      @Field(value = "The text.", required = true) String text,
      @Field(value = "Name of a language model.", required = true) String model,
      @Field(value = "The client's own user id.", support = Field.Support.SILENT)
          @Nullable String user) {}

  /** An answer. */
  record Response(List<Token> tokenIds) {}

  /** A token; its bytes may be a part of a character. */
  record Token(int tokenId, String stringToken, List<Integer> tokenBytes) {}
}
