/**
 * Micro benchmarks by JMH: reading a large body, encoding the chunk of a delta, committing to the
 * ledger.
 *
 * <p>Each measures a public piece of the server alone. They show where a change of the whole comes
 * from; the targets are those of the server bench. Start reading at {@code MicroBench}.
 */
@NullMarked
package dev.jubal.bench.micro;

import org.jspecify.annotations.NullMarked;
