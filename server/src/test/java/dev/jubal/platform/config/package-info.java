/** Tests of the package. */
@NullMarked
package dev.jubal.platform.config;

import org.jspecify.annotations.NullMarked;
