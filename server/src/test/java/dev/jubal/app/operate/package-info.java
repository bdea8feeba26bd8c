/** Tests of the package. */
@NullMarked
package dev.jubal.app.operate;

import org.jspecify.annotations.NullMarked;
