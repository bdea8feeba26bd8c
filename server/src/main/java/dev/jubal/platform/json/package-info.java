/**
 * JSON: one mapper, and the reader that turns a request body into a record.
 *
 * <p>Owns the errors of bad bodies (which field, which value, what was expected) and the
 * annotations that say what a field may hold. Knows no endpoint. Start at {@link WireReader}.
 */
@NullMarked
package dev.jubal.platform.json;

import org.jspecify.annotations.NullMarked;
