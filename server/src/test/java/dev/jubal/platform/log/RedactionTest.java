package dev.jubal.platform.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.app.Config;
import dev.jubal.platform.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of secret that the product has to do with, thrown at the last line of defence. */
final class RedactionTest {
  private static final String LETTERS = "Zq7Xw2Vt9Ls4Kp1Jm6Hn3Gb8Fd5Cy0Aa";
  private static final String KEY = "xai-" + LETTERS.repeat(3).substring(0, 80);
  private static final String MANAGEMENT = "xai-token-" + LETTERS.repeat(3).substring(0, 80);
  private static final String WEBHOOK = "whsec_" + LETTERS + "abc/def+gh=";
  private static final String MASTER = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
  private static final String JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";

  static Stream<Arguments> secrets() {
    return Stream.of(
            List.of(KEY, "the key " + KEY + " was used"),
            List.of(KEY, "Authorization: Bearer " + KEY),
            List.of(KEY, "{\"authorization\":\"Bearer " + KEY + "\"}"),
            List.of(KEY, "x-api-key: " + KEY),
            List.of(KEY, "GET /v1/models?api_key=" + KEY + "&x=1"),
            List.of(MANAGEMENT, "management key " + MANAGEMENT),
            List.of(LETTERS, "a page's token xai-client-AQ_" + LETTERS + "." + LETTERS),
            List.of(WEBHOOK.substring(6, 30), "signed with " + WEBHOOK),
            List.of(MASTER, "crypto.master-key " + MASTER),
            List.of(MASTER, "JUBAL_CRYPTO_MASTER_KEY=" + MASTER),
            List.of("hunter2!", "jdbc:postgresql://db:5432/jubal?user=jubal&password=hunter2!"),
            List.of("hunter2!", "jdbc:postgresql://jubal:hunter2!@db:5432/jubal"),
            List.of("hunter2!", "database.password=hunter2!"),
            List.of("hunter2!", "{\"password\": \"hunter2!\"}"),
            List.of("hunter2!", "{\\\"password\\\":\\\"hunter2!\\\"}"),
            List.of("hunter2!", "smtp.password: hunter2!"),
            List.of("hunter2!", "client_secret=hunter2!"),
            List.of("hunter2!", "OTEL headers: api-key=hunter2!"),
            List.of("hunter2!", "Cookie: session=hunter2!; other=1"),
            List.of("hunter2!", "http://ann:hunter2!@proxy.example:3128"),
            List.of("QWxhZGRpbjpvcGVu", "Authorization: Basic QWxhZGRpbjpvcGVu"),
            List.of("QWxhZGRpbjpvcGVu", "authorization=QWxhZGRpbjpvcGVu"),
            List.of(JWT, "id_token " + JWT),
            List.of(JWT, "bearer " + JWT),
            List.of(LETTERS, "hf_" + LETTERS),
            List.of(LETTERS, "npm_" + LETTERS),
            List.of(LETTERS, "pypi-" + LETTERS),
            List.of(LETTERS, "hvs." + LETTERS),
            List.of(LETTERS, "X-Vault-Token: " + LETTERS),
            List.of(LETTERS, "sk-" + LETTERS),
            List.of(
                LETTERS, "-----BEGIN PRIVATE KEY-----\n" + LETTERS + "\n-----END PRIVATE KEY-----"),
            List.of(LETTERS, "-----BEGIN RSA PRIVATE KEY-----\n" + LETTERS))
        .map(pair -> Arguments.of(pair.getFirst(), pair.getLast()));
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void noneGetsThrough(String secret, String text) {
    String left = Redaction.FORM.of("before " + text + " after");
    assertFalse(left.contains(secret), left);
    assertTrue(left.startsWith("before "), left);
    assertTrue(left.contains("***"), left);
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void norThroughALineOfEitherForm(String secret, String text) {
    for (LogConfig.Form form : LogConfig.Form.values()) {
      String line =
          LogLineTest.line(
              new LogLine(form, Redaction.FORM),
              text,
              Map.of("note", text),
              new IllegalStateException(text, new IllegalArgumentException(text)));
      assertFalse(line.contains(secret), line);
      if (form == LogConfig.Form.JSON) {
        assertEquals("request", Json.mapper().readTree(line).path("logger").stringValue());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request 00000000-0000-4000-8000-000000000001 failed by a defect",
        "the key xai-...b14o was refused",
        "max_tokens: 12, completion_tokens: 7, prompt_tokens=9",
        "jdbc:postgresql://db:5432/jubal",
        "POST chat 200 12 ms",
        "http://127.0.0.1:4318/v1/traces",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "",
        "short"
      })
  void whatIsNoSecretStays(String text) {
    assertEquals(text, Redaction.FORM.of(text));
  }

  @Test
  void secretsOfTheConfigurationGoByTheirValue() {
    Config config =
        Config.read(
            Map.of(
                "data-dir", "/tmp/none",
                "database.url", "jdbc:postgresql://db/jubal",
                "database.password", "plain words",
                "telemetry.otlp.endpoint", "http://c",
                "telemetry.otlp.headers", "team=blue moon"),
            Map.of());
    Redaction redaction = Redaction.of(config);
    assertEquals(
        "FATAL: *** is not right, nor is ***",
        redaction.of("FATAL: plain words is not right, nor is team=blue moon"));
  }

  @Test
  void aLongTextTakesLittleTime() {
    String text = "a=b c:d \"quoted\" /path/to/thing?x=1&y=2 eyJ xai- -----BEGIN ".repeat(5000);
    long start = System.nanoTime();
    Redaction.FORM.of(text);
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis < 5000, text.length() + " characters took " + millis + " ms");
  }
}
