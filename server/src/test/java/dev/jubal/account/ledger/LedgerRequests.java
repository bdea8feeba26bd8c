package dev.jubal.account.ledger;

import dev.jubal.account.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Requests as the ledger's tests make them. */
final class LedgerRequests {
  static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  static final Price PRICE =
      new Price(
          Instant.parse("2026-01-01T00:00:00Z"),
          new Price.Rate(3000, 750, 5000),
          128_000,
          new Price.Rate(6000, 1500, 10_000),
          "https://docs.example/prices");

  private LedgerRequests() {}

  static Admission admission(String id) {
    return new Admission(
        id,
        Optional.of("client-" + id),
        new Principal("key-1", "ci", "xai-...abcd", "user-1", "team-1", List.of()),
        "chat",
        "grok-3-mini-latest",
        "grok-3-mini",
        "llama/smollm2-135m-instruct",
        PRICE,
        true,
        START);
  }

  static Settlement settlement(Usage usage) {
    return new Settlement(
        usage,
        PRICE.cost(usage),
        0,
        true,
        Duration.ofMillis(1234),
        Optional.of(Duration.ofMillis(120)),
        Optional.empty(),
        200,
        Optional.empty());
  }

  static Settlement failed(int status, String error) {
    return new Settlement(
        Usage.NONE,
        0,
        0,
        true,
        Duration.ofMillis(5),
        Optional.empty(),
        Optional.empty(),
        status,
        Optional.of(error));
  }

  static Usage usage(Random random) {
    long prompt = random.nextLong(200_000);
    return new Usage(
        prompt, random.nextLong(prompt + 1), 0, random.nextLong(1000), random.nextLong(1000));
  }
}
