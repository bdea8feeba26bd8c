package dev.jubal.bench.quality;

/**
 * One way to ask the default model.
 *
 * @param system the line the conversation begins with; empty for none
 */
record Setting(String name, double temperature, double topP, String system) {}
