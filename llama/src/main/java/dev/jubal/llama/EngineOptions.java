package dev.jubal.llama;

import java.nio.file.Path;
import java.time.Duration;

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
 */
public record EngineOptions(
    Path library,
    Path model,
    int slots,
    int contextTokens,
    int threads,
    String device,
    int queueSize,
    Duration queueWait) {}
