package dev.jubal.platform.http.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginTest {
  @ParameterizedTest
  @CsvSource({
    "https://app.example.com,https://app.example.com",
    "HTTPS://App.Example.com,https://app.example.com",
    "https://app.example.com:443,https://app.example.com",
    "http://app.example.com:80,http://app.example.com",
    "http://localhost:5173,http://localhost:5173",
    "http://[::1]:8080,http://[::1]:8080"
  })
  void anOriginAsBrowsersSendIt(String text, String origin) {
    assertEquals(Optional.of(origin), Origin.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "",
        "https://*.example.com",
        "https://app.example.com/",
        "https://app.example.com/a",
        "https://app.example.com?q",
        "https://app.example.com#f",
        "https://me@app.example.com",
        "app.example.com",
        "file:///etc",
        "https://",
        "https://a b"
      })
  void whatIsNone(String text) {
    assertEquals(Optional.empty(), Origin.of(text));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080,127.0.0.1:8080,true",
    "https://jubal.example,jubal.example,true",
    "https://jubal.example,jubal.example:443,true",
    "http://127.0.0.1:8081,127.0.0.1:8080,false",
    "https://jubal.example.evil.test,jubal.example,false",
    "null,jubal.example,false"
  })
  void theServersOwn(String origin, String authority, boolean own) {
    if (own) {
      assertTrue(Origin.own(origin, authority));
    } else {
      assertFalse(Origin.own(origin, authority));
    }
  }
}
