package dev.jubal.llama.host;

import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;

/**
 * A model that is loaded now.
 *
 * @param leases who uses it
 */
public record LoadedModel(EngineOptions options, ModelInfo info, EngineStats stats, int leases) {}
