package dev.jubal.llama;

/**
 * A stretch of prompt text. All segments tokenize as if they were one text, but that the name of a
 * control token counts only where all of it is {@code special}: text of a user can never forge one.
 */
public record Segment(String text, boolean special) {}
