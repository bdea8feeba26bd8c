/**
 * JSON Schema becomes a network.
 *
 * <p>A schema is first spread into cases: a list of alternatives, each a conjunction of one rule
 * per JSON type ({@code Case}). That makes allOf, if, not and $ref plain algebra. Then each case is
 * written into the network. Whatever does not fit ends in a {@code FormRefusal}, nothing is
 * ignored. Must not know vocabularies. Start reading at {@code SchemaCompiler}, then {@code
 * Spreading}.
 */
@NullMarked
package dev.jubal.llama.constraint.schema;

import org.jspecify.annotations.NullMarked;
