/** Tests of the package. */
@NullMarked
package dev.jubal.api.models;

import org.jspecify.annotations.NullMarked;
