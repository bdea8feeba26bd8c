package dev.jubal.backend.llama;

import dev.jubal.llama.template.ChatTemplate;
import java.nio.file.Path;

/**
 * Weights on this machine.
 *
 * @param name what a catalogue row's target calls them
 * @param file the GGUF file
 * @param licence SPDX id
 * @param contextTokens the context the model was trained for
 * @param template how conversations are put to it
 */
public record InstalledModel(
    String name, Path file, String licence, long contextTokens, ChatTemplate template) {

  /** Finds installed weights. */
  @FunctionalInterface
  public interface Finder {
    /**
     * The weights of a name.
     *
     * @throws dev.jubal.inference.BackendFailure.Unavailable when they are not installed
     */
    InstalledModel find(String name);
  }
}
