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
    Optional<Path> prefixes) {

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
