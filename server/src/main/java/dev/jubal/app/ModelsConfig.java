package dev.jubal.app;

import dev.jubal.platform.config.Key;
import java.nio.file.Path;
import java.util.Optional;

/** Start-up configuration of the names and what stands behind them. */
public record ModelsConfig(
    @Key(
            value = "true",
            doc = "Offer the names of the Grok API; off leaves only the weights' own names.")
        boolean aliases,
    @Key(
            value = "true",
            doc = "Give requests that say nothing the catalogue's sampling and system line.")
        boolean defaults,
    @Key(value = "false", doc = "Never fetch anything; what is missing stops the start.")
        boolean offline,
    @Key(doc = "The installed model that the Grok names point to; empty takes the catalogue's own.")
        Optional<String> target,
    @Key(doc = "A script file: every name is answered by it and no model runs (tests, benchmarks).")
        Optional<Path> script) {}
