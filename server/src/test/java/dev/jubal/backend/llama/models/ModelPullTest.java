package dev.jubal.backend.llama.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.backend.llama.InstalledModels;
import dev.jubal.inference.BackendFailure;
import dev.jubal.platform.artifact.ArtifactException;
import dev.jubal.platform.artifact.ArtifactException.Kind;
import dev.jubal.platform.artifact.ArtifactRef;
import dev.jubal.platform.artifact.Artifacts;
import dev.jubal.platform.artifact.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelPullTest {
  private static final byte[] MODEL = TinyGguf.model(TinyGguf.CHAT_ML, 1);

  @TempDir private Path folder;

  @Test
  void addsAModelWithWhatItsFileSays() throws Exception {
    LocalModel model = pull(MODEL, "My Model (v2).gguf", Optional.empty());
    assertEquals("my-model-v2-", model.name());
    assertEquals("Q8_0", model.quantisation());
    assertEquals("apache-2.0", model.licence());
    assertEquals(2048, model.contextTokens());
    assertEquals(MODEL.length, model.bytes());
    LocalModels models = new LocalModels(data());
    assertEquals(List.of(model), models.all().models());
    assertArrayEquals(MODEL, Files.readAllBytes(models.weights(model)));
    assertEquals(List.of(), below(data().resolve("downloads")));
  }

  @Test
  void replacesAModelOfTheSameNameWhileItIsInUse() throws Exception {
    LocalModels models = new LocalModels(data());
    InstalledModels installed = new InstalledModels(models);
    assertThrows(BackendFailure.Unavailable.class, () -> installed.find("m"));
    pull(MODEL, "first.gguf", Optional.of("m"));
    assertEquals(2048, installed.find("m").contextTokens());
    pull(MODEL, "second.gguf", Optional.of("m"));
    assertEquals(List.of("m"), models.all().models().stream().map(LocalModel::name).toList());
    assertTrue(models.find("m").orElseThrow().source().contains("second"));
    assertTrue(Files.exists(installed.find("m").file()));
    assertEquals(List.of("m"), below(data().resolve("models")));
  }

  @Test
  void refusesATemplateItCannotReadAndNamesLineAndReason() {
    ArtifactException failure =
        refused(TinyGguf.model("{{ bos_token }}\n{% for m in messages %}...", 1));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("cannot be read: line 2: unexpected end of template"), message);
  }

  @Test
  void pullsAModelOfAnotherFamily() throws IOException {
    byte[] model = TinyGguf.model("{{ bos_token }}[INST]{{ messages[0].content }}[/INST]", 1);
    pull(model, "m.gguf", Optional.of("m"));
    InstalledModels installed = new InstalledModels(new LocalModels(data()));
    assertEquals(2048, installed.find("m").contextTokens());
  }

  @Test
  void refusesACutFileAndOneThatIsNoModel() {
    assertTrue(refused(Arrays.copyOf(MODEL, MODEL.length - 1)).getMessage().contains("cut short"));
    assertTrue(refused(new byte[100]).getMessage().contains("GGUF"));
  }

  @Test
  void refusesAPartOfAModel() {
    assertTrue(refused(TinyGguf.model(TinyGguf.CHAT_ML, 3)).getMessage().contains("3 parts"));
  }

  @Test
  void refusesANameThatIsNone() {
    ArtifactException failure =
        assertThrows(ArtifactException.class, () -> pull(MODEL, "m", Optional.of("../m")));
    assertTrue(failure.getMessage().contains("small letters"), failure.getMessage());
  }

  @Test
  void listsAModelWhoseWeightsWereCutAsDamaged() throws Exception {
    LocalModel model = pull(MODEL, "m.gguf", Optional.empty());
    LocalModels models = new LocalModels(data());
    Files.write(models.weights(model), new byte[3]);
    LocalModels.Found found = models.all();
    assertEquals(List.of(), found.models());
    assertEquals(1, found.damaged().size());
    assertTrue(found.damaged().getFirst().contains("m.gguf"), found.damaged().toString());
  }

  private ArtifactException refused(byte[] content) {
    ArtifactException failure =
        assertThrows(ArtifactException.class, () -> pull(content, "m.gguf", Optional.empty()));
    assertEquals(Kind.REFUSED, failure.kind());
    assertFalse(Files.exists(data().resolve("models").resolve("m")));
    return failure;
  }

  private LocalModel pull(byte[] content, String file, Optional<String> name) throws IOException {
    Path source = Files.write(folder.resolve(file), content);
    return new ModelPull(data(), Artifacts.open(Map.of(), false), Progress.SILENT)
        .pull(ArtifactRef.parse("file:" + source), name);
  }

  private Path data() {
    return folder.resolve("data folder");
  }

  private static List<String> below(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
