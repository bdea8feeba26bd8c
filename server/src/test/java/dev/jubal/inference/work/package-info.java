@NullMarked
package dev.jubal.inference.work;

import org.jspecify.annotations.NullMarked;
