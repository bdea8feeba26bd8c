package dev.jubal.backend.llama.models;

import dev.jubal.platform.artifact.ArtifactRef;
import dev.jubal.platform.artifact.Sha256;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The files this version was made with, pinned by SHA-256: {@code pins.json}. */
record Pins(List<Library> libraries, Weights weights) {
  private static final String RESOURCE = "pins.json";

  /**
   * The native library for one kind of machine.
   *
   * @param system linux, mac or windows
   * @param arch x64 or arm64
   * @param device cpu, cuda, vulkan or metal
   * @param folder the folder inside the package, with a slash at its end
   */
  record Library(
      String system, String arch, String device, String ref, String sha256, String folder) {
    ArtifactRef artifact() {
      return ArtifactRef.parse(ref).pinned(new Sha256(sha256));
    }

    /** Its folder in the data folder, another one for each version. */
    String installedAs() {
      return ref.substring(ref.lastIndexOf('/') + 1).replace('@', '-');
    }
  }

  /** The default model: a file inside an archive. */
  record Weights(
      String name, String ref, String sha256, String member, String memberSha256, String licence) {
    ArtifactRef artifact() {
      return ArtifactRef.parse(ref).pinned(new Sha256(sha256));
    }
  }

  static Pins load() {
    return resource(RESOURCE, Pins.class);
  }

  static <T> T resource(String name, Class<T> type) {
    try (InputStream in = Pins.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return Json.mapper().readValue(in, type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
