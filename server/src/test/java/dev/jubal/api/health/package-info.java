/** Tests of the package. */
@NullMarked
package dev.jubal.api.health;

import org.jspecify.annotations.NullMarked;
