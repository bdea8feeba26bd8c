/** Tests of the package. */
@NullMarked
package dev.jubal.platform.json;

import org.jspecify.annotations.NullMarked;
