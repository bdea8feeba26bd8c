package dev.jubal.platform.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a wire record lets through, and the words of each refusal. */
class WireReaderTest {

  record Part(@Field(required = true) String text) {}

  record Body(
      @Field(required = true) String model,
      @Field(min = 0, max = 2) @Nullable Double temperature,
      @Field(min = 1) @Nullable Integer maxTokens,
      @Field(oneOf = {"low", "high"}) @Nullable String effort,
      @Field(max = 2) @Nullable List<String> stop,
      @Field(types = {"string", "array"}) @Nullable JsonNode content,
      @Nullable List<Part> parts,
      @Field(support = Field.Support.REFUSED, neutral = "\"auto\"") @Nullable String tools,
      @Field(support = Field.Support.IGNORED, neutral = "\"default\"")
          @Nullable String serviceTier) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[1]|invalid_type||The body is an array (expected: a JSON object).",
        "{}|missing_field|model|model is missing (expected: a string).",
        "{\"model\":null}|missing_field|model|model is missing (expected: a string).",
        "{\"model\":3}|invalid_type|model|model: 3 (expected: a string).",
        "{\"model\":\"m\",\"temperature\":99}|invalid_value|temperature|temperature: 99 (expected:"
            + " a number from 0 to 2).",
        "{\"model\":\"m\",\"max_tokens\":0}|invalid_value|max_tokens|max_tokens: 0 (expected: a"
            + " whole number of at least 1).",
        "{\"model\":\"m\",\"max_tokens\":1.5}|invalid_type|max_tokens|max_tokens: 1.5 (expected: a"
            + " whole number of at least 1).",
        "{\"model\":\"m\",\"effort\":\"mid\"}|invalid_value|effort|effort: \"mid\" (expected: one"
            + " of low, high).",
        "{\"model\":\"m\",\"stop\":[\"a\",\"b\",\"c\"]}|invalid_value|stop|stop:"
            + " [\"a\",\"b\",\"c\"] (expected: an array of at most 2 elements).",
        "{\"model\":\"m\",\"stop\":[\"a\",7]}|invalid_type|stop[1]|stop[1]: 7 (expected: a"
            + " string).",
        "{\"model\":\"m\",\"content\":true}|invalid_type|content|content: true (expected: string or"
            + " array).",
        "{\"model\":\"m\",\"parts\":[{}]}|missing_field|parts[0].text|parts[0].text is missing"
            + " (expected: a string).",
        "{\"model\":\"m\",\"tools\":\"any\"}|unsupported_parameter|tools|tools: \"any\" is not"
            + " available in this version (expected: absent).",
      })
  void aBadFieldIsNamedWithItsValueAndWhatWasExpected(
      String body, String code, @Nullable String param, String text) {
    ApiException e = assertThrows(ApiException.class, () -> read(body));
    assertEquals(code, e.code().code());
    assertEquals(Optional.ofNullable(param), e.param());
    assertEquals(text, e.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"temperature", "max_tokens", "content"})
  void aNumberThatNoTypeHoldsIsNamedToo(String field) {
    String body = "{\"model\":\"m\",\"" + field + "\":" + "9".repeat(400) + "}";
    ApiException e = assertThrows(ApiException.class, () -> read(body));
    assertEquals(Optional.of(field), e.param());
  }

  @Test
  void brokenJsonNamesThePlace() {
    ApiException e = assertThrows(ApiException.class, () -> read("{\"model\": }"));
    assertEquals(ErrorCode.INVALID_JSON, e.code());
    assertEquals(true, e.text().contains("at byte 10"), e.text());
  }

  @Test
  void valuesThatAskForNothingPassAndUnknownOnesAreReported() {
    WireReader.Body<Body> read =
        read(
            "{\"model\":\"m\",\"tools\":\"auto\",\"service_tier\":\"default\",\"later\":1,\"max_tokens\":3.0}");
    assertEquals(List.of("later"), read.ignored());
    assertEquals(3, read.value().maxTokens());
    assertEquals("auto", read.value().tools());
  }

  @Test
  void anAcceptedFieldWithoutEffectIsReported() {
    assertEquals(
        List.of("service_tier"), read("{\"model\":\"m\",\"service_tier\":\"fast\"}").ignored());
  }

  @Test
  void aLongValueIsCutInTheMessage() {
    ApiException e =
        assertThrows(ApiException.class, () -> read("{\"model\":[\"" + "x".repeat(1000) + "\"]}"));
    assertEquals(true, e.text().length() < 130, e.text());
  }

  private static WireReader.Body<Body> read(String body) {
    return WireReader.read(body.getBytes(StandardCharsets.UTF_8), Body.class);
  }
}
