package dev.jubal.account.enduser;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that a team's requests for some models at some endpoints ask of the end user they name.
 *
 * @param requirement what is asked
 * @param models catalogue names, with {@code *} for any characters
 * @param endpoints such as chat, likewise
 */
public record EndUserRule(Requirement requirement, String models, String endpoints) {
  private static final int MOST_MODELS = 256;
  private static final int MOST_ENDPOINTS = 64;

  /**
   * A rule.
   *
   * @throws ApiException 400 for malformed names
   */
  public EndUserRule {
    glob("models", models, MOST_MODELS);
    glob("endpoints", endpoints, MOST_ENDPOINTS);
  }

  private static void glob(String field, String text, int most) {
    if (!text.matches("[\\x21-\\x7e]+") || text.length() > most) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field
              + ": \""
              + text
              + "\" (expected: 1-"
              + most
              + " printable characters without a space, with * for any).");
    }
  }

  /** Whether it speaks of such requests. */
  boolean concerns(String model, String endpoint) {
    return matches(models, model) && matches(endpoints, endpoint);
  }

  private static boolean matches(String glob, String name) {
    if (!glob.contains("*")) {
      return glob.equals(name);
    }
    return glob.equals("*")
        || Pattern.matches(
            Stream.of(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
            name);
  }

  /** What can be asked of somebody. */
  public sealed interface Requirement {
    /** As it is written and stored. */
    String text();

    /** The same without its value, for metrics. */
    default String kind() {
      int colon = text().indexOf(':');
      return colon < 0 ? text() : text().substring(0, colon);
    }

    /** Whether somebody of whom this is known is let in at that time. */
    boolean meets(EndUser user, Instant at);

    /** What would have to be said of somebody for it. */
    String wanted();
  }

  /** Somebody whose identity the team has checked. */
  public record VerifiedIdentity() implements Requirement {
    static final String TEXT = "require_verified_identity";

    @Override
    public String text() {
      return TEXT;
    }

    @Override
    public boolean meets(EndUser user, Instant at) {
      return user.verification().filter(v -> !v.at().isAfter(at)).isPresent();
    }

    @Override
    public String wanted() {
      return "verifiedIdentity";
    }
  }

  /** Somebody known to be at least so old; of an unknown age nobody is. */
  public record MinimumAge(EndUser.AgeGroup group) implements Requirement {
    static final String TEXT = "minimum_age_group:";

    @Override
    public String text() {
      return TEXT + group.word();
    }

    @Override
    public boolean meets(EndUser user, Instant at) {
      return user.ageGroup().compareTo(group) >= 0;
    }

    @Override
    public String wanted() {
      return "ageGroup of at least " + group.word();
    }
  }

  /** Somebody who agrees to a purpose. */
  public record Consents(String purpose) implements Requirement {
    static final String TEXT = "require_consent:";

    @Override
    public String text() {
      return TEXT + purpose;
    }

    @Override
    public boolean meets(EndUser user, Instant at) {
      return user.consents(purpose, at);
    }

    @Override
    public String wanted() {
      return "a consent that holds for " + purpose;
    }
  }

  /**
   * A requirement as it is written.
   *
   * @throws ApiException 400 for anything else
   */
  public static Requirement requirement(String text) {
    return read(text)
        .orElseThrow(
            () ->
                ApiException.of(
                    ErrorCode.INVALID_VALUE,
                    "require",
                    "require: \""
                        + text
                        + "\" (expected: require_verified_identity, minimum_age_group:teen,"
                        + " minimum_age_group:adult or require_consent:PURPOSE)."));
  }

  private static Optional<Requirement> read(String text) {
    if (text.equals(VerifiedIdentity.TEXT)) {
      return Optional.of(new VerifiedIdentity());
    }
    if (text.startsWith(MinimumAge.TEXT)) {
      return EndUser.AgeGroup.of(text.substring(MinimumAge.TEXT.length()))
          .filter(g -> g != EndUser.AgeGroup.UNKNOWN)
          .map(MinimumAge::new);
    }
    return text.matches(Consents.TEXT + "[a-z0-9._-]{1,64}")
        ? Optional.of(new Consents(text.substring(Consents.TEXT.length())))
        : Optional.empty();
  }
}
