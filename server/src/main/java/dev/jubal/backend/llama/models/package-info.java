/**
 * What the embedded engine runs on: the native library and the models of a data folder.
 *
 * <p>Owns which files are fetched from where, their pins, and the registry of models on this
 * machine. Must not know HTTP surfaces, keys or prices, nor load a model itself. Start reading at
 * {@link dev.jubal.backend.llama.models.Setup}.
 */
@NullMarked
package dev.jubal.backend.llama.models;

import org.jspecify.annotations.NullMarked;
