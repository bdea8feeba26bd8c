package dev.jubal.llama.worker;

import java.time.Duration;
import java.util.List;

/**
 * How a worker is watched and replaced.
 *
 * @param watchdog longest silence, or time without a decode step, of a worker that has work; ten
 *     times as long while the process computes, since one step of a large prompt may take long
 * @param loadAllowance time to load a model, to which a second for each 10 MB is added
 * @param crashes how many crashes within {@code crashWindow} are answered by a new worker
 * @param crashWindow time after which a crash is forgotten
 * @param coolDown how long requests are refused after one crash too many
 * @param jvmFlags additional flags of the worker's JVM
 */
public record WorkerSettings(
    Duration watchdog,
    Duration loadAllowance,
    int crashes,
    Duration crashWindow,
    Duration coolDown,
    List<String> jvmFlags) {
  public WorkerSettings {
    jvmFlags = List.copyOf(jvmFlags);
    if (watchdog.toMillis() < 100) {
      throw new IllegalArgumentException("watchdog: " + watchdog + " (expected: >= 100 ms)");
    }
    if (crashes < 0) {
      throw new IllegalArgumentException("crashes: " + crashes + " (expected: >= 0)");
    }
  }

  /** Watchdog 20 s, 30 s to load, five crashes in two minutes, then 30 s of rest. */
  public static WorkerSettings standard() {
    return new WorkerSettings(
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        5,
        Duration.ofMinutes(2),
        Duration.ofSeconds(30),
        List.of());
  }

  public WorkerSettings withWatchdog(Duration value) {
    return new WorkerSettings(value, loadAllowance, crashes, crashWindow, coolDown, jvmFlags);
  }

  Duration loadLimit(long fileBytes) {
    return loadAllowance.plusSeconds(fileBytes / 10_000_000);
  }

  /** Twenty beats within the watchdog's time, yet not more than 20 and not less than 2 a second. */
  Duration heartbeat() {
    return Duration.ofMillis(Math.clamp(watchdog.toMillis() / 20, 50, 500));
  }
}
