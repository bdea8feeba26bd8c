package dev.jubal.backend.llama.decision;

import java.util.List;

/** Turns texts into vectors of unit length, in order. Thread-safe. */
@FunctionalInterface
public interface TextVectors {
  List<float[]> of(List<String> texts);
}
