package dev.jubal.inference.sight;

import dev.jubal.platform.metrics.ServerMetrics;
import java.time.Duration;
import java.util.Locale;

/** What is counted of pictures. */
public final class SightMeters {
  private final ServerMetrics metrics;

  public SightMeters(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  void looked(String source, PictureFormat format) {
    metrics.add(
        "jubal.pictures",
        "Pictures that were looked at.",
        1,
        "source",
        source,
        "format",
        format.name().toLowerCase(Locale.ROOT));
  }

  void refused(String source, String cause) {
    metrics.add(
        "jubal.pictures.refused",
        "Pictures that were not taken.",
        1,
        "source",
        source,
        "cause",
        cause.toLowerCase(Locale.ROOT));
  }

  void read(String outcome, Duration took) {
    metrics.time("jubal.ocr", "Reading the text of one picture.", took, "outcome", outcome);
  }
}
