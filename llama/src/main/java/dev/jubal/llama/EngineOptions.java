package dev.jubal.llama;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to load a model.
 *
 * @param library folder that holds libllama and its siblings
 * @param model the GGUF file
 * @param slots how many choices run at once
 * @param contextTokens most tokens of a slot; 0 takes the model's own, at most 8192
 * @param threads threads that compute; 0 takes the number of cores
 * @param device auto, cpu, cuda, vulkan or metal
 * @param queueSize most requests that wait for a slot
 * @param queueWait longest time a request waits for a slot
 * @param prefixes folder that keeps what prompts have in common for the next start; empty keeps
 *     nothing
 * @param backgroundTurn one of so many slots goes to background work while other work waits, at
 *     least 2
 */
public record EngineOptions(
    Path library,
    Path model,
    int slots,
    int contextTokens,
    int threads,
    String device,
    int queueSize,
    Duration queueWait,
    Optional<Path> prefixes,
    int backgroundTurn) {
  /** One of sixteen. */
  public static final int USUAL_BACKGROUND_TURN = 16;

  public EngineOptions {
    if (backgroundTurn < 2) {
      throw new IllegalArgumentException("backgroundTurn: " + backgroundTurn + " (expected: >= 2)");
    }
  }

  /** Options by which background work gets its usual part. */
  public EngineOptions(
      Path library,
      Path model,
      int slots,
      int contextTokens,
      int threads,
      String device,
      int queueSize,
      Duration queueWait,
      Optional<Path> prefixes) {
    this(
        library,
        model,
        slots,
        contextTokens,
        threads,
        device,
        queueSize,
        queueWait,
        prefixes,
        USUAL_BACKGROUND_TURN);
  }

  /** Options that keep nothing on disk. */
  public EngineOptions(
      Path library,
      Path model,
      int slots,
      int contextTokens,
      int threads,
      String device,
      int queueSize,
      Duration queueWait) {
    this(
        library,
        model,
        slots,
        contextTokens,
        threads,
        device,
        queueSize,
        queueWait,
        Optional.empty());
  }
}
