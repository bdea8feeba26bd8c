/**
 * A backend that plays a script: what tests and benchmarks run the server against.
 *
 * <p>Owns the form of scripts. Knows the ports of {@code inference} alone. Start at {@link
 * dev.jubal.backend.scripted.ScriptedBackend}, whose page describes the form.
 */
@NullMarked
package dev.jubal.backend.scripted;

import org.jspecify.annotations.NullMarked;
