package dev.jubal.api;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.Resolution;
import java.time.Instant;
import java.util.List;

/** The events of an answer in its middle, for the micro benchmarks of the dialects. */
public final class DeltaSample {
  private DeltaSample() {}

  /** What goes before the first text. */
  public static final List<GenerationEvent> HEAD =
      List.of(
          new GenerationEvent.Accepted(
              new Resolution(
                  "8d1f1a52-3c0e-4b1a-9a57-6f2b8f2f9d11",
                  "grok-4-fast-non-reasoning",
                  "scripted/script",
                  Instant.EPOCH,
                  List.of())),
          new GenerationEvent.Started(9, 0));

  /** One text. */
  public static final GenerationEvent TEXT =
      new GenerationEvent.TextDelta(0, " capital", 1, List.of());
}
