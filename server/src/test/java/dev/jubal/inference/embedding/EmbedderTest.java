package dev.jubal.inference.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.Generator;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.embedding.EmbeddingBackend.Embeddings;
import dev.jubal.inference.embedding.EmbeddingBackend.Text;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.testing.MemoryLedger;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** One settled row for each request, however it ends. */
final class EmbedderTest {
  private static final Catalogue CATALOGUE = CatalogueLoader.load(CatalogueLoader.Options.STANDARD);
  private static final Principal CALLER =
      new Principal("k", "k", "xai-...", "u", "t", List.of("api-key:model:*"));

  private final MemoryLedger ledger = new MemoryLedger();
  private final Cancellation cancel = new Cancellation();

  private Embedder.Answer embed(Supplier<Embeddings> backend) {
    return new Embedder(
            CATALOGUE, Map.of("onnx", new Fake(backend)), ledger, InstantSource.system())
        .embed(
            new Embedder.Request(
                "embeddings", "v1", List.of(new Text.Plain("a")), OptionalInt.empty()),
            new Generator.Caller(CALLER, "r1", Optional.empty(), cancel));
  }

  private Settlement row() {
    assertEquals(1, ledger.admissions().size());
    return Objects.requireNonNull(ledger.settlements().get("r1"));
  }

  @Test
  void anAnswerIsSettledBeforeItIsGiven() {
    Embedder.Answer answer = embed(() -> new Embeddings(List.of(new float[] {1, 0}), 7));
    assertEquals(7, answer.usage().prompt());
    assertEquals(200, row().status());
    assertEquals(7, row().usage().prompt());
    Admission admission = Objects.requireNonNull(ledger.admissions().get("r1"));
    assertEquals("v1", admission.modelResolved());
    assertEquals("onnx/fake", admission.backend());
  }

  @Test
  void aFailureIsSettledWithItsCode() {
    ApiException e =
        assertThrows(
            ApiException.class,
            () ->
                embed(
                    () -> {
                      throw new BackendFailure.PromptTooLong("too long");
                    }));
    assertEquals(ErrorCode.CONTEXT_LENGTH_EXCEEDED, e.code());
    assertEquals(Optional.of("context_length_exceeded"), row().errorType());
    assertEquals(400, row().status());
  }

  @Test
  void aDefectIsSettledToo() {
    assertThrows(
        ApiException.class,
        () ->
            embed(
                () -> {
                  throw new IllegalStateException("defect");
                }));
    assertEquals(500, row().status());
  }

  @Test
  void aClientThatLeftIsSettledWithWhatWasRead() {
    ApiException e =
        assertThrows(
            ApiException.class,
            () ->
                embed(
                    () -> {
                      cancel.cancel(new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "gone"));
                      return new Embeddings(List.of(), 4);
                    }));
    assertEquals(ErrorCode.CLIENT_CLOSED_REQUEST, e.code());
    assertEquals(499, row().status());
    assertEquals(4, row().usage().prompt());
  }

  @Test
  void withoutALedgerNothingIsComputedAndNothingIsGiven() {
    ledger.fail();
    ApiException e =
        assertThrows(
            ApiException.class,
            () ->
                embed(
                    () -> {
                      throw new AssertionError("computed without an admission");
                    }));
    assertEquals(ErrorCode.LEDGER_UNAVAILABLE, e.code());

    MemoryLedger later = new MemoryLedger();
    Embedder embedder =
        new Embedder(
            CATALOGUE,
            Map.of(
                "onnx",
                new Fake(
                    () -> {
                      later.fail();
                      return new Embeddings(List.of(new float[] {1}), 1);
                    })),
            later,
            InstantSource.system());
    ApiException withheld =
        assertThrows(
            ApiException.class,
            () ->
                embedder.embed(
                    new Embedder.Request(
                        "embeddings", "v1", List.of(new Text.Plain("a")), OptionalInt.empty()),
                    new Generator.Caller(CALLER, "r2", Optional.empty(), cancel)));
    assertEquals(503, withheld.code().status());
    assertTrue(later.settlements().isEmpty());
  }

  /** A backend that does as it is told. */
  private record Fake(Supplier<Embeddings> made) implements EmbeddingBackend {
    @Override
    public Embeddings embed(List<Text> inputs, Model model, Cancellation cancel) {
      return made.get();
    }

    @Override
    public Backend.Weights weights(Model model) {
      return new Backend.Weights(
          "onnx/fake", 512, "MIT", true, false, false, Backend.Weights.Thinking.NOT);
    }

    @Override
    public int dimensions(Model model) {
      return 2;
    }

    @Override
    public void close() {}
  }
}
