/** Gates over the whole product: its architecture, its sizes, its generated pages. */
@NullMarked
package dev.jubal;

import org.jspecify.annotations.NullMarked;
