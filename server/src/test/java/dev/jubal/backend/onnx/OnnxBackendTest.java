package dev.jubal.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.embedding.EmbeddingBackend.Embeddings;
import dev.jubal.inference.embedding.EmbeddingBackend.Text;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OnnxBackendTest {
  private static final Catalogue CATALOGUE = CatalogueLoader.load(CatalogueLoader.Options.STANDARD);
  private static final Model OWN = CATALOGUE.find("bge-small-en-v1.5").orElseThrow();
  private static final Model ALIAS = CATALOGUE.find("grok-embed").orElseThrow();

  private final OnnxBackend backend = new OnnxBackend(2);

  @AfterAll
  void close() {
    backend.close();
  }

  private Embeddings embed(Model model, Text... texts) {
    return backend.embed(List.of(texts), model, new Cancellation());
  }

  private static Text text(String text) {
    return new Text.Plain(text);
  }

  @Test
  void vectorsHaveUnitLengthAndMeaning() {
    List<float[]> v =
        embed(OWN, text("A cat sits."), text("A kitten is sitting."), text("Tax law of 1923"))
            .vectors();
    assertEquals(384, v.getFirst().length);
    assertEquals(1, dot(v.get(0), v.get(0)), 1e-5);
    assertTrue(dot(v.get(0), v.get(1)) > dot(v.get(0), v.get(2)) + 0.1);
  }

  @Test
  void aTextHasTheSameVectorWhoeverIsBesideIt() {
    float[] alone = embed(OWN, text("a cat")).vectors().getFirst();
    float[] among = embed(OWN, text("x ".repeat(300)), text("a cat")).vectors().get(1);
    assertArrayEquals(alone, among);
  }

  @Test
  void tokensAreCountedAsTheModelReadsThem() {
    assertEquals(3 + 4, embed(OWN, text("hello"), text("hello there")).promptTokens());
  }

  @Test
  void overTheWindowIsRefusedWithBothCounts() {
    embed(OWN, text("a ".repeat(510)));
    BackendFailure e =
        assertThrows(
            BackendFailure.PromptTooLong.class,
            () -> embed(OWN, text("fits"), text("a ".repeat(511))));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith("input[1] has 513 tokens"), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains("512"), e.getMessage());
  }

  @Test
  void idsOfTheOwnVocabularyAreTheText() {
    float[] text = embed(OWN, text("hello world")).vectors().getFirst();
    Embeddings bare = embed(OWN, new Text.Tokens(List.of(7592, 2088)));
    assertArrayEquals(text, bare.vectors().getFirst());
    assertEquals(4, bare.promptTokens());
    assertArrayEquals(
        text, embed(OWN, new Text.Tokens(List.of(101, 7592, 2088, 102))).vectors().getFirst());
    assertThrows(BackendFailure.Rejected.class, () -> embed(OWN, new Text.Tokens(List.of(30_522))));
    assertThrows(BackendFailure.Rejected.class, () -> embed(OWN, new Text.Tokens(List.of(-1))));
  }

  @Test
  void idsOfAnotherEncodingAreDecoded() {
    List<Integer> ids =
        Encodings.newLazyEncodingRegistry()
            .getEncoding(EncodingType.CL100K_BASE)
            .encode("Hello wörld 🙂")
            .boxed();
    assertArrayEquals(
        embed(ALIAS, text("Hello wörld 🙂")).vectors().getFirst(),
        embed(ALIAS, new Text.Tokens(ids)).vectors().getFirst());
    assertThrows(
        BackendFailure.Rejected.class, () -> embed(ALIAS, new Text.Tokens(List.of(200_000))));
    assertThrows(BackendFailure.Rejected.class, () -> embed(ALIAS, new Text.Tokens(List.of(-5))));
  }

  @Test
  void aCancelledListStops() {
    Cancellation cancel = new Cancellation();
    cancel.cancel(new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "gone"));
    Embeddings made = backend.embed(List.of(text("a")), OWN, cancel);
    assertEquals(0, made.promptTokens());
    assertTrue(made.vectors().isEmpty());
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
