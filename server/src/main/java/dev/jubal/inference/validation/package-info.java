/**
 * Holds JSON against JSON Schema, with a library, not with the automata that enforce it: two
 * readings of one schema that must agree.
 *
 * <p>Owns the limits of that work. Must not know requests or answers. Start at {@link
 * dev.jubal.inference.validation.SchemaValidator}.
 */
@NullMarked
package dev.jubal.inference.validation;

import org.jspecify.annotations.NullMarked;
