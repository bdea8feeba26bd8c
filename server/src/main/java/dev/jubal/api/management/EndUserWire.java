package dev.jubal.api.management;

import dev.jubal.account.enduser.EndUser;
import dev.jubal.platform.json.CamelCase;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Times;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of what a team says of its end users; times in RFC 3339. */
final class EndUserWire {
  private EndUserWire() {}

  /** All that is said of somebody; what is left out is taken back. */
  @CamelCase
  record Said(
      @Field(
              value = "How old, as far as the team knows; unknown by default.",
              oneOf = {"unknown", "child", "teen", "adult"})
          @Nullable String ageGroup,
      @Field("How and when the identity was checked.") @Nullable Checked verifiedIdentity,
      @Field("What the person agreed to, each purpose once.") @Nullable List<Agreed> consents) {}

  /** A check of an identity. */
  @CamelCase
  record Checked(
      @Field(value = "The team's word for how.", required = true) @Nullable String method,
      @Field("When; now by default.") @Nullable String verifyTime) {}

  /** A consent. */
  @CamelCase
  record Agreed(
      @Field(value = "What for, such as training.", required = true) @Nullable String purpose,
      @Field("Since when; now by default.") @Nullable String grantTime,
      @Field("When it ends; until it is taken back by default.") @Nullable String expireTime) {}

  /** Somebody. */
  @CamelCase
  record Person(
      String teamId,
      String endUserId,
      String ageGroup,
      @Nullable Verified verifiedIdentity,
      List<Consent> consents,
      String createTime,
      String modifyTime) {
    static Person of(EndUser user) {
      return new Person(
          user.teamId(),
          user.id(),
          user.ageGroup().word(),
          user.verification().map(v -> new Verified(v.method(), Times.text(v.at()))).orElse(null),
          user.consents().stream().map(Consent::of).toList(),
          Times.text(user.created()),
          Times.text(user.modified()));
    }
  }

  @CamelCase
  record Verified(String method, String verifyTime) {}

  @CamelCase
  record Consent(String purpose, String grantTime, @Nullable String expireTime) {
    static Consent of(EndUser.Consent consent) {
      return new Consent(
          consent.purpose(),
          Times.text(consent.granted()),
          consent.expires().map(Times::text).orElse(null));
    }
  }
}
