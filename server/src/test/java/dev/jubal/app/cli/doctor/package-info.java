/** Tests of the package. */
@NullMarked
package dev.jubal.app.cli.doctor;

import org.jspecify.annotations.NullMarked;
