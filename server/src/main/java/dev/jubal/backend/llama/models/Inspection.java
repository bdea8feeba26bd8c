package dev.jubal.backend.llama.models;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.binding.GgufFile;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.llama.template.jinja.value.TemplateException;
import dev.jubal.platform.artifact.ArtifactException;
import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** Looks into a model file: what it is, and whether this version can run it. */
final class Inspection {
  private Inspection() {}

  /**
   * Reads a file's header and refuses what cannot be run.
   *
   * @throws ArtifactException {@link Kind#REFUSED} for a damaged file, one part of a split model,
   *     and a chat template that is missing or cannot be read
   */
  static GgufFile check(String what, Path file) {
    GgufFile header = read(what, file);
    if (header.parts() > 1) {
      throw refused(
          what + " is one of " + header.parts() + " parts of a model", "a model in a single file");
    }
    String template = header.template();
    if (template == null) {
      throw refused(
          what + " (" + header.architecture() + ") carries no chat template",
          "a model made for conversations");
    }
    try {
      ChatTemplate.parse(template, header.tokens(), Clock.system(ZoneId.systemDefault()));
    } catch (TemplateException e) {
      throw refused(
          what
              + " ("
              + header.architecture()
              + ") has a chat template that cannot be read: "
              + e.reason(),
          "a template in Jinja as the transformers library reads it");
    }
    return header;
  }

  private static GgufFile read(String what, Path file) {
    try {
      return GgufFile.read(file);
    } catch (EngineFailure e) {
      throw refused(what + " is damaged or no model: " + e.getMessage(), "a whole GGUF file");
    }
  }

  /** The card of a checked file. */
  static LocalModel card(
      String name, Path file, Sha256 hash, GgufFile header, String licence, String source)
      throws IOException {
    return new LocalModel(
        name,
        file.getFileName().toString(),
        hash.hex(),
        Files.size(file),
        licence,
        header.trainedContext(),
        header.architecture(),
        header.quantisation(),
        source,
        Instant.now(),
        Optional.empty());
  }

  private static ArtifactException refused(String what, String expected) {
    return new ArtifactException(
        Kind.REFUSED, what + " (expected: " + expected + "). Nothing was installed.");
  }
}
