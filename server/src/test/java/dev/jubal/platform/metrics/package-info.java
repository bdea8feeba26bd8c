/** Tests of the package. */
@NullMarked
package dev.jubal.platform.metrics;

import org.jspecify.annotations.NullMarked;
