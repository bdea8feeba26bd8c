/** Tests of dev.jubal.inference.validation. */
@NullMarked
package dev.jubal.inference.validation;

import org.jspecify.annotations.NullMarked;
