/** Tests of the package. */
@NullMarked
package dev.jubal.backend.onnx;

import org.jspecify.annotations.NullMarked;
