/** Tests of the package. */
@NullMarked
package dev.jubal.api.complete;

import org.jspecify.annotations.NullMarked;
