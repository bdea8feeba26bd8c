package dev.jubal.llama.binding;

/**
 * Something the library can compute on.
 *
 * @param name the library's own, such as "CPU" or "CUDA0"
 * @param gpu whether it has memory of its own
 */
public record Device(String name, boolean gpu) {}
