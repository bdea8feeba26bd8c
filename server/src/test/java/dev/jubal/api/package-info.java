/** The dialects through the port: golden transcripts, folds, refusals. */
@NullMarked
package dev.jubal.api;

import org.jspecify.annotations.NullMarked;
