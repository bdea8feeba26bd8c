package dev.jubal.platform.config;

/** A value that never prints itself. */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "***";
  }
}
