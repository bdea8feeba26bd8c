/**
 * A backend that plays a script: what tests and benchmarks run the server against.
 *
 * <p>Knows the ports of {@code inference} alone. Start at {@link ScriptedBackend}.
 */
@NullMarked
package dev.jubal.backend.scripted;

import org.jspecify.annotations.NullMarked;
