package dev.jubal.platform.metrics;

import dev.jubal.platform.config.Key;
import java.util.Optional;

/** Start-up configuration of metrics. */
public record MetricsConfig(
    @Key(
            doc =
                "Port of /metrics without a key, on 127.0.0.1 alone; 0 takes a free one, none turns"
                    + " it off.")
        Optional<Integer> port) {}
