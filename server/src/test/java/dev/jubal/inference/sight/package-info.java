@NullMarked
package dev.jubal.inference.sight;

import org.jspecify.annotations.NullMarked;
