/** Tests of the package. */
@NullMarked
package dev.jubal.api.account;

import org.jspecify.annotations.NullMarked;
