/**
 * The text of a schema as a tree whose nodes know where they stand, and what its references point
 * to.
 *
 * <p>Must not know what keywords mean. Start reading at {@code Node}.
 */
@NullMarked
package dev.jubal.llama.constraint.document;

import org.jspecify.annotations.NullMarked;
