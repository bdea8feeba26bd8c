package dev.jubal.inference.work;

import dev.jubal.platform.error.Rates;
import java.util.Optional;

/**
 * Work that was accepted.
 *
 * @param id what it is collected by
 * @param rates how its owner stands against its limits; empty where nothing limits it, and where it
 *     was accepted before
 */
public record Submitted(String id, Optional<Rates> rates) {}
