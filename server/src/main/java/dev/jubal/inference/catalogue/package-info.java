/**
 * The models: names, aliases, rules, published figures, and what stands behind each name.
 *
 * <p>Owns {@link Model} and {@link Catalogue}. Knows no wire format. Start at {@link Catalogue}.
 */
@NullMarked
package dev.jubal.inference.catalogue;

import org.jspecify.annotations.NullMarked;
