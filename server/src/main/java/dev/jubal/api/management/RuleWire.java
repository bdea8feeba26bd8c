package dev.jubal.api.management;

import dev.jubal.account.enduser.EndUserRule;
import dev.jubal.platform.json.CamelCase;
import dev.jubal.platform.json.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of what a team's requests ask of end users. */
final class RuleWire {
  private RuleWire() {}

  /** All of them; what is left out holds no more. */
  @CamelCase
  record Set(
      @Field(value = "Each once.", required = true, max = 100) @Nullable List<Asked> rules) {}

  @CamelCase
  record Asked(
      @Field(
              value =
                  "require_verified_identity, minimum_age_group:teen, minimum_age_group:adult or"
                      + " require_consent:PURPOSE.",
              required = true)
          @Nullable String require,
      @Field("Catalogue names, with * for any characters; all by default.") @Nullable String models,
      @Field("Endpoints such as chat, with * for any characters; all by default.")
          @Nullable String endpoints) {}

  @CamelCase
  record Rules(List<Rule> rules) {
    static Rules of(List<EndUserRule> rules) {
      return new Rules(
          rules.stream()
              .map(r -> new Rule(r.requirement().text(), r.models(), r.endpoints()))
              .toList());
    }
  }

  @CamelCase
  record Rule(String require, String models, String endpoints) {}
}
