/** Tests of the package. */
@NullMarked
package dev.jubal.app.telemetry;

import org.jspecify.annotations.NullMarked;
