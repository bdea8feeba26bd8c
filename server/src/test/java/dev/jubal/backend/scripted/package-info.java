/** The scripted backend: its form, its count, its clock. */
@NullMarked
package dev.jubal.backend.scripted;

import org.jspecify.annotations.NullMarked;
