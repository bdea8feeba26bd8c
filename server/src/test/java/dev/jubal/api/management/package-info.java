/** Tests of the package. */
@NullMarked
package dev.jubal.api.management;

import org.jspecify.annotations.NullMarked;
