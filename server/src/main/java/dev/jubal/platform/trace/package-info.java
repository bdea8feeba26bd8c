/**
 * What is told of one request while it runs: its ids, notes for its line of the log, and spans in
 * the form of OpenTelemetry, where they are exported.
 *
 * <p>Owns the way to the collector, which never holds up a request. Knows no word about language
 * models. Classes of OpenTelemetry are loaded only where spans are exported. Start at {@link
 * dev.jubal.platform.trace.Trace}.
 */
@NullMarked
package dev.jubal.platform.trace;

import org.jspecify.annotations.NullMarked;
