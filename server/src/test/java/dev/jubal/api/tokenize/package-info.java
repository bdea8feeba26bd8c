/** Tests of the package. */
@NullMarked
package dev.jubal.api.tokenize;

import org.jspecify.annotations.NullMarked;
