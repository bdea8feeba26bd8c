package dev.jubal.platform.jobs;

import java.time.Duration;
import java.util.Optional;

/**
 * What is done for each entry of one name. Runs on a virtual thread and may block; never twice at
 * once for one id.
 */
@FunctionalInterface
public interface Job {

  /**
   * Does it, or as much as can be done now. What it throws is logged, and it runs again.
   *
   * @param id of the entry
   * @return empty when the entry is done with, else how long until it runs again
   */
  Optional<Duration> run(String id);
}
