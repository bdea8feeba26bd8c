/**
 * What is remembered of answers: stored responses, sealed for their team, and the conversations
 * that they make.
 *
 * <p>Knows items and the database; must not know a dialect, which keeps its own form in a {@link
 * dev.jubal.inference.memory.StoredResponse.Face}. Start reading at {@link
 * dev.jubal.inference.memory.ResponseMemory}.
 */
@NullMarked
package dev.jubal.inference.memory;

import org.jspecify.annotations.NullMarked;
