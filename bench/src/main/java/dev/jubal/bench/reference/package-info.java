/**
 * The engine beside llama.cpp's own server: same machine, same weights, same version, in turns.
 *
 * <p>Owns the reference (fetched as the source package of PyPI, built into {@code .cache}, never
 * committed), the loads that are compared, the perplexity of the forms weights can take, and the
 * tables of {@code docs/performance.md}. Knows nothing of our HTTP server: both engines are driven
 * directly. Start reading at {@code ReferenceCommand}, then {@code SpeedPart}.
 */
@NullMarked
package dev.jubal.bench.reference;

import org.jspecify.annotations.NullMarked;
