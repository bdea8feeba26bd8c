/** Tests of the package. */
@NullMarked
package dev.jubal.inference;

import org.jspecify.annotations.NullMarked;
