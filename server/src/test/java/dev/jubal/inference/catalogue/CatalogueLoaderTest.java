package dev.jubal.inference.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.catalogue.CatalogueLoader.Destination;
import dev.jubal.inference.catalogue.CatalogueLoader.Options;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class CatalogueLoaderTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final Principal ANY =
      new Principal("k", "k", "xai-...", "u", "t", List.of("api-key:model:*"));

  private final Catalogue catalogue = CatalogueLoader.load(Options.STANDARD);

  @Test
  void everyPublishedTextNameIsThere() {
    for (String name :
        List.of(
            "grok-4.7",
            "grok-4.6",
            "grok-4.5",
            "grok-4.5-latest",
            "grok-build-latest",
            "grok-4.3",
            "grok-4.3-latest",
            "grok-4.20",
            "grok-4.20-0309",
            "grok-4.20-0309-reasoning",
            "grok-4.20-reasoning-latest",
            "grok-4.20-non-reasoning",
            "grok-4.20-multi-agent",
            "grok-build-0.1",
            "grok-code-fast-1",
            "grok-code-fast",
            "grok-4",
            "grok-4-0709",
            "grok-4-latest",
            "grok-4-fast-reasoning",
            "grok-4-fast",
            "grok-4-fast-non-reasoning",
            "grok-4-1-fast-reasoning",
            "grok-4-1-fast-non-reasoning",
            "grok-3",
            "grok-3-beta",
            "grok-3-fast",
            "grok-3-mini",
            "grok-3-mini-fast",
            "grok-2-1212",
            "grok-2-vision-1212",
            "grok-beta",
            "grok-vision-beta",
            "grok-1")) {
      Model model = catalogue.resolve(name, Model.Kind.LANGUAGE, ANY);
      assertEquals("smollm2-135m-instruct", model.target(), name);
      assertEquals("llama", model.backend(), name);
      assertEquals(Optional.of(0.05), model.defaults().temperature(), name);
    }
    for (String name : List.of("v1", "grok-embed")) {
      assertEquals(
          "bge-small-en-v1.5", catalogue.resolve(name, Model.Kind.EMBEDDING, ANY).target());
    }
  }

  @Test
  void pricesAreTicksAToken() {
    Price grok4 = row("grok-4").price(NOW);
    assertEquals(new Price.Rate(30_000, 7_500, 150_000), grok4.rate());
    assertEquals(256_000, row("grok-4").published().contextTokens());
    Price fast = row("grok-beta").price(NOW);
    assertEquals(new Price.Rate(2_000, 500, 5_000), fast.rate());
    assertEquals(50_000, row("grok-beta").prices().getFirst().rate().prompt());
    Price long46 = row("grok-4.6").price(NOW);
    assertEquals(20_000L * 199_999, long46.cost(Usage.of(199_999, 0, 0)));
    assertEquals(40_000L * 200_000, long46.cost(Usage.of(200_000, 0, 0)));
  }

  @Test
  void anUnpublishedPriceSaysSo() {
    assertEquals("none published; free of charge here", row("grok-1").price(NOW).source());
    assertEquals(8_192, row("grok-1").published().contextTokens());
  }

  @Test
  void rulesAreThoseOfTheFactsPage() {
    assertTrue(
        row("grok-4")
            .rules()
            .rejects()
            .containsAll(List.of("stop", "presence_penalty", "frequency_penalty")));
    assertTrue(row("grok-4").rules().efforts().isEmpty());
    assertTrue(row("grok-4.20").rules().efforts().isEmpty());
    assertTrue(row("grok-4-fast-non-reasoning").rules().rejects().isEmpty());
    assertEquals(List.of("none", "low", "medium", "high"), row("grok-4.3").rules().efforts());
    assertEquals(Optional.of("high"), row("grok-4.6").rules().defaultEffort());
  }

  @Test
  void withoutAliasesOnlyWeightsRemain() {
    Catalogue bare =
        CatalogueLoader.load(
            Options.STANDARD
                .withAliases(false)
                .withRoutes(Map.of("grok-4", new Destination("llama", "x"))));
    assertEquals(
        List.of("smollm2-135m-instruct", "bge-small-en-v1.5"),
        bare.models().stream().map(Model::id).toList());
  }

  @Test
  void anOperatorPointsANameAndAnAliasElsewhere() {
    Catalogue routed =
        CatalogueLoader.load(
            Options.STANDARD.withRoutes(
                Map.of(
                    "grok-3", new Destination("openai", "gpt"),
                    "grok-4-latest", new Destination("scripted", "s"))));
    assertEquals("openai", routed.find("grok-3-latest").orElseThrow().backend());
    assertEquals(Model.Defaults.NONE, routed.find("grok-3").orElseThrow().defaults());
    Model latest = routed.find("grok-4-latest").orElseThrow();
    assertEquals("grok-4-latest", latest.id());
    assertEquals("s", latest.target());
    assertFalse(routed.find("grok-4").orElseThrow().aliases().contains("grok-4-latest"));
    ConfigException wrong =
        assertThrows(
            ConfigException.class,
            () ->
                CatalogueLoader.load(
                    Options.STANDARD.withRoutes(Map.of("grok-33", new Destination("a", "b")))));
    assertTrue(String.valueOf(wrong.getMessage()).contains("such as grok-3"), wrong.getMessage());
  }

  @Test
  void namesEndTextsAsTheirWeightsDoUnlessDefaultsAreOff() {
    assertEquals(OptionalInt.of(160), row("grok-4").defaults().endFrom());
    Catalogue bare = CatalogueLoader.load(Options.STANDARD.withDefaults(false));
    assertEquals(OptionalInt.empty(), bare.find("grok-4").orElseThrow().defaults().endFrom());
  }

  @Test
  void aPulledModelIsARowAndMayStandBehindTheNames() {
    CatalogueLoader.LocalModel pulled =
        new CatalogueLoader.LocalModel("tiny", 2048, "someone", NOW, Model.Defaults.NONE, false);
    Catalogue own =
        CatalogueLoader.load(Options.STANDARD.withLocal(List.of(pulled)).withTarget("tiny"));
    assertEquals("tiny", own.find("grok-4").orElseThrow().target());
    assertEquals(2048, own.find("tiny").orElseThrow().published().contextTokens());
    assertThrows(
        ConfigException.class, () -> CatalogueLoader.load(Options.STANDARD.withTarget("absent")));
  }

  @Test
  void aPulledModelThatThinksTakesEfforts() {
    CatalogueLoader.LocalModel pulled =
        new CatalogueLoader.LocalModel("deep", 2048, "someone", NOW, Model.Defaults.NONE, true);
    Model.Rules rules =
        CatalogueLoader.load(Options.STANDARD.withLocal(List.of(pulled)))
            .find("deep")
            .orElseThrow()
            .rules();
    assertTrue(rules.reasoning());
    assertTrue(rules.efforts().contains("none"));
    assertEquals(Optional.of("medium"), rules.defaultEffort());
  }

  @Test
  void aWrongFileNamesRowAndField() throws IOException {
    String json;
    try (InputStream in = CatalogueLoader.class.getResourceAsStream("/catalogue.json")) {
      json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertBad(json.replaceFirst("\"prompt\": 30000, ", ""), "prices.prompt of grok-4");
    assertBad(json.replace("\"2025-07-09\", \"prompt\"", "\"summer\", \"prompt\""), "prices.from");
    assertBad(
        json.replaceFirst("\"reasoning\": true", "\"reasoning\": true, \"thinking\": true"),
        "thinking");
    assertBad(json.replace("\"end_from\": 160", "\"end_from\": 0"), "defaults.end_from");
    assertBad(json.replace("\"grok-3-latest\"", "\"grok-4\""), "the name grok-4");
  }

  @Test
  void anUnknownNameIsA404WithTheNearest() {
    ApiException e =
        assertThrows(
            ApiException.class, () -> catalogue.resolve("grok4", Model.Kind.LANGUAGE, ANY));
    assertEquals(404, e.code().status());
    assertTrue(e.text().contains("grok-4"), e.text());
  }

  private static void assertBad(String json, String named) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> CatalogueLoader.load(json.getBytes(StandardCharsets.UTF_8), Options.STANDARD));
    assertTrue(String.valueOf(e.getMessage()).contains(named), e.getMessage());
  }

  private Model row(String name) {
    return catalogue.find(name).orElseThrow();
  }
}
