@NullMarked
package dev.jubal.inference.memory;

import org.jspecify.annotations.NullMarked;
