/** Tests of the package. */
@NullMarked
package dev.jubal.api.metrics;

import org.jspecify.annotations.NullMarked;
