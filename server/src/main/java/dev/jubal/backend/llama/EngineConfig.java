package dev.jubal.backend.llama;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Start-up configuration of the embedded engine. */
public record EngineConfig(
    @Key(
            value = "auto",
            doc = "Where models compute: auto (cpu, on a Mac metal), cpu, cuda, vulkan or metal.")
        String device,
    @Key(value = "4", doc = "Choices a model generates at once; each holds its context in memory.")
        int slots,
    @Key(value = "0", doc = "Tokens of a slot; 0 takes the model's own context, at most 8192.")
        int context,
    @Key(value = "0", doc = "Threads that compute; 0 takes the number of cores.") int threads,
    @Key(value = "10m", doc = "Longest wait for a slot.") Duration queueWait,
    @Key(value = "256", doc = "Most requests that wait for a slot.") int queueSize,
    @Key(
            value = "6",
            doc =
                "Percent of the slots that deferred and background work gets while other work"
                    + " waits, 1 to 50; while none waits it gets them all.")
        int backgroundShare,
    @Key(
            value = "false",
            doc = "Run the engine in the server's own process; a crash of the library ends both.")
        boolean inProcess,
    @Key(value = "20s", doc = "Silence of a busy worker after which it is replaced.")
        Duration watchdog,
    @Key(value = "3", doc = "Most models loaded at once.") int maxLoaded,
    @Key(
            value = "0",
            doc = "Most memory in bytes that loaded models may take; 0 takes what the machine has.")
        long memory,
    @Key(
            value = "false",
            doc =
                "Keep what prompts have in common on disk, for the next start. It is text of"
                    + " prompts; only the owner of the data folder may read it.")
        boolean savePrefixes,
    @Key(
            value = "auto",
            doc =
                "Who decides whether to call a function: model, beside (from the texts alone), auto"
                    + " (beside for models of less than 1e9 weights).")
        AnswerPlanner.Mode callDecision,
    @Key(
            value = "auto",
            doc =
                "Whether a value of a schema is brought to its end when its tokens run out or it"
                    + " goes round in a circle, and a text of weights known to find none: on, off,"
                    + " auto (on for models of less than 1e9 weights); off, it is cut and reported"
                    + " as length.")
        AnswerPlanner.Landing softLanding,
    @Key(doc = "Folder of an own libllama, instead of the installed one.") Optional<Path> library) {
  private static final int MOST_BACKGROUND = 50;

  public EngineConfig {
    if (backgroundShare < 1 || backgroundShare > MOST_BACKGROUND) {
      throw new ConfigException(
          "engine.background-share: " + backgroundShare + " (expected: 1 to 50, percent).");
    }
  }

  /** One of so many slots goes to background work while other work waits. */
  int backgroundTurn() {
    return 100 / backgroundShare;
  }
}
