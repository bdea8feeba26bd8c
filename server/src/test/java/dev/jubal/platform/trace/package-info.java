/** Tests of the package. */
@NullMarked
package dev.jubal.platform.trace;

import org.jspecify.annotations.NullMarked;
