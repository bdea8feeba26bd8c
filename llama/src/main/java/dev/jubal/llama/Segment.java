package dev.jubal.llama;

/**
 * A stretch of prompt text. Only {@code special} segments are searched for control tokens, so text
 * of a user can never forge one. Adjacent plain segments tokenize as if they were one.
 */
public record Segment(String text, boolean special) {}
