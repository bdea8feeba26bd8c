/** Tests of the package. */
@NullMarked
package dev.jubal.api.responses;

import org.jspecify.annotations.NullMarked;
