/** Tests of the package. */
@NullMarked
package dev.jubal.api.embeddings;

import org.jspecify.annotations.NullMarked;
