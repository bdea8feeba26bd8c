/** Tests of the package. */
@NullMarked
package dev.jubal.platform.log;

import org.jspecify.annotations.NullMarked;
