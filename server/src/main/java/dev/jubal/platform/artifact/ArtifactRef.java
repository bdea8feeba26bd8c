package dev.jubal.platform.artifact;

import java.util.List;
import java.util.Optional;

/**
 * Where a file comes from and what it must be.
 *
 * @param scheme npm, pypi, hf, https or file
 * @param location the rest, in the words of that kind of place
 * @param sha256 what the file must hash to; empty leaves that to the source
 */
public record ArtifactRef(String scheme, String location, Optional<Sha256> sha256) {
  private static final List<String> SCHEMES = List.of("npm", "pypi", "hf", "https", "file");
  private static final String FORMS =
      "npm:PACKAGE@VERSION, pypi:PROJECT==VERSION, hf:OWNER/REPO/FILE, https://HOST/FILE or"
          + " file:/PATH";

  /**
   * Reads a reference such as {@code hf:owner/repo/file.gguf}.
   *
   * @throws IllegalArgumentException whose message says what was expected
   */
  public static ArtifactRef parse(String text) {
    int colon = text.indexOf(':');
    String scheme = colon < 0 ? "" : text.substring(0, colon);
    if (scheme.equals("http")) {
      // Loopback and pinned addresses only; HttpsSource judges.
      return new ArtifactRef("https", text, Optional.empty());
    }
    if (!SCHEMES.contains(scheme) || colon + 1 == text.length()) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: " + FORMS + ").");
    }
    String location = scheme.equals("https") ? text : text.substring(colon + 1);
    return new ArtifactRef(scheme, location, Optional.empty());
  }

  /** The same place, pinned. */
  public ArtifactRef pinned(Sha256 hash) {
    return new ArtifactRef(scheme, location, Optional.of(hash));
  }

  /** The last part of the location: the file's own name where it has one. */
  public String fileName() {
    String path = location.replaceFirst("[?#].*", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** As it is written, without a query, which may hold a signature. */
  @Override
  public String toString() {
    String shown = location.replaceFirst("[?#].*", "").replaceFirst("//[^/@]*@", "//");
    return scheme.equals("https") ? shown : scheme + ":" + shown;
  }
}
