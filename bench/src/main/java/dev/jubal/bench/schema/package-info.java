/**
 * Measures constrained decoding on real-world schemas: how many compile, how long that and the
 * masks take, and whether what comes out is valid.
 *
 * <p>The schemas are those of JSONSchemaBench, which is fetched, not committed. Start reading at
 * {@code SchemaBench}.
 */
@NullMarked
package dev.jubal.bench.schema;

import org.jspecify.annotations.NullMarked;
