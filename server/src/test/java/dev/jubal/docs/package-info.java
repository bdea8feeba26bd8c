/**
 * Makes the pages under docs/generated from the code they describe. Start at {@link
 * dev.jubal.DocsTest}.
 */
@NullMarked
package dev.jubal.docs;

import org.jspecify.annotations.NullMarked;
