package dev.jubal.account.keys;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A part of a team that keys belong to, and that is limited and billed for itself. */
public record Project(
    String id, String teamId, String name, Environment environment, Instant created) {

  /** What a project is for. */
  public enum Environment {
    DEV,
    STAGING,
    PROD;

    /** As it is written, such as dev. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** All of them as they are written. */
    public static List<String> words() {
      return Stream.of(values()).map(Environment::word).toList();
    }

    /** The one of a word; empty for another word. */
    public static Optional<Environment> of(String word) {
      return Stream.of(values()).filter(e -> e.word().equals(word)).findFirst();
    }
  }
}
