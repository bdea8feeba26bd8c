package dev.jubal.account.enduser;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Somebody behind a team's requests, as the client names them in {@code user} or {@code
 * safety_identifier}.
 *
 * @param id the client's own name, 1 to 512 characters
 * @param verification how and when the team checked who it is; empty when it has not
 * @param consents what the person agreed to, each purpose once
 */
public record EndUser(
    String teamId,
    String id,
    AgeGroup ageGroup,
    Optional<Verification> verification,
    List<Consent> consents,
    Instant created,
    Instant modified) {
  public EndUser {
    consents = List.copyOf(consents);
  }

  /** How old, as far as the team knows. */
  public enum AgeGroup {
    UNKNOWN,
    /** Below 13. */
    CHILD,
    /** 13 to 17. */
    TEEN,
    ADULT;

    /** As it is written, such as adult. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** All of them as they are written. */
    public static List<String> words() {
      return Stream.of(values()).map(AgeGroup::word).toList();
    }

    /** The one of a word; empty for another word. */
    public static Optional<AgeGroup> of(String word) {
      return Stream.of(values()).filter(a -> a.word().equals(word)).findFirst();
    }
  }

  /**
   * A check of an identity.
   *
   * @param method the team's word for how, such as id-document
   */
  public record Verification(String method, Instant at) {}

  /**
   * What a person agreed to.
   *
   * @param purpose small letters, digits, dots, dashes and underscores, such as training
   * @param expires when it ends; empty until it is taken back
   */
  public record Consent(String purpose, Instant granted, Optional<Instant> expires) {
    /** Whether it holds at that time. */
    public boolean holds(Instant at) {
      return !granted.isAfter(at) && expires.filter(e -> !e.isAfter(at)).isEmpty();
    }
  }

  /** Whether the person agrees to a purpose at that time. */
  public boolean consents(String purpose, Instant at) {
    return consents.stream().anyMatch(c -> c.purpose().equals(purpose) && c.holds(at));
  }
}
