/** Tests of the package. */
@NullMarked
package dev.jubal.api.messages;

import org.jspecify.annotations.NullMarked;
