package dev.jubal.inference.sight;

import java.util.List;
import java.util.Optional;

/**
 * One picture, looked at.
 *
 * @param bytes how many it has
 * @param tokens what it counts for
 * @param colours those that most of it has; empty when it was not decoded
 * @param camera what its camera wrote, as far as it may be said
 * @param page what its text is read from, empty when it was not decoded
 */
record Seen(
    Picture picture,
    int bytes,
    long tokens,
    List<String> colours,
    List<String> camera,
    Optional<Page> page) {}
