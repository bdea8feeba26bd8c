/** Tests of the package. */
@NullMarked
package dev.jubal.api.openapi;

import org.jspecify.annotations.NullMarked;
