/**
 * The log of the process: one event a line, as text or as JSON, without secrets.
 *
 * <p>Owns the forms of a line and {@link dev.jubal.platform.log.Redaction}, which is the last line
 * of defence and no licence to log what is secret. Start at {@link dev.jubal.platform.log.LogLine}.
 */
@NullMarked
package dev.jubal.platform.log;

import org.jspecify.annotations.NullMarked;
