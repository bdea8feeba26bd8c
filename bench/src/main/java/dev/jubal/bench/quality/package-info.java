/**
 * How good answers are: which form of the default weights, and whether calls are made when they are
 * due.
 *
 * <p>Reads the labelled texts of bench/data. Start reading at {@code QualityBench}.
 */
@NullMarked
package dev.jubal.bench.quality;

import org.jspecify.annotations.NullMarked;
