/** Tests of the whole server. */
@NullMarked
package dev.jubal.app;

import org.jspecify.annotations.NullMarked;
