/**
 * What the layer around a handler costs, part by part.
 *
 * <p>Every server is a process of its own, so that its processor time can be told apart. Start
 * reading at {@code LayerBench}.
 */
@NullMarked
package dev.jubal.bench.layer;

import org.jspecify.annotations.NullMarked;
