package dev.jubal.backend.llama.models;

import java.util.List;

/**
 * Models that suit a size of memory: {@code recommended.json}.
 *
 * @param note what the list does not promise
 */
public record Recommendations(String note, List<Entry> models) {

  /**
   * One file of a hub.
   *
   * @param gigabytes its size, rounded
   * @param memoryGigabytes of the machine it suits, with room for context and the server
   * @param template chatml, or other for those a later version renders
   */
  public record Entry(
      String ref, double gigabytes, double memoryGigabytes, String licence, String template) {

    /** Whether {@code jubal pull} takes it now. */
    public boolean runs() {
      return template.equals("chatml");
    }
  }

  public static Recommendations load() {
    return Pins.resource("recommended.json", Recommendations.class);
  }

  /** Those that suit a machine, the largest first. */
  public List<Entry> fitting(long memoryBytes) {
    double gigabytes = memoryBytes / 1e9;
    return models.stream().filter(m -> m.memoryGigabytes() <= gigabytes).toList().reversed();
  }
}
