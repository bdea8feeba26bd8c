package dev.jubal.platform.config;

/**
 * A value that never prints itself.
 *
 * <p>Every secret that is made or read goes through here, so that tests can look for all of them in
 * what a server leaves: see {@link SecretManifest}.
 */
public record Secret(String reveal) {
  public Secret {
    SecretManifest.add(reveal);
  }

  @Override
  public String toString() {
    return "***";
  }
}
