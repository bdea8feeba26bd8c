package dev.jubal.inference.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.jubal.inference.validation.SchemaValidator.Fault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A second opinion on answers, and on what strangers call a schema. */
class SchemaValidatorTest {
  private final SchemaValidator validator = new SchemaValidator();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"type\":\"integer\"}|7|",
        "{\"type\":\"integer\"}|\"7\"|type",
        "{\"properties\":{\"a\":{\"minimum\":3}}}|{\"a\":2}|minimum",
        "{\"required\":[\"a\"]}|{}|required",
        "{\"pattern\":\"^a$\"}|\"a\"|",
        "{\"pattern\":\"^a$\"}|\"a\\n\"|pattern",
        "{\"pattern\":\"a\\\\$\"}|\"a$\"|",
        "{\"format\":\"date\"}|\"2026-02-30\"|format",
        "{\"format\":\"ipv4\"}|\"1.2.3.4\"|",
        "{\"$defs\":{\"n\":{\"const\":1}},\"items\":{\"$ref\":\"#/$defs/n\"}}|[1,2]|const",
        "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}|1|oneOf",
        "{}|{\"a\":|not_json",
        "{}|~ ~|not_json",
        "false|1|false",
      })
  void whatIsWrongIsNamedByItsKeyword(String schema, String text, @Nullable String cause) {
    assertEquals(
        Optional.ofNullable(cause), validator.faultOf(text, schema).map(Fault::cause), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"type\":\"object\",\"properties\":{}}||",
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"string\"}||",
        "{\"type\":\"no-such-type\"}|/type|",
        "{\"properties\":{\"a\":{\"minLength\":-1}}}|/properties/a/minLength|minimum",
        "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/none\"}}}||unreadable_schema",
        "{\"pattern\":\"(\"}|/pattern|",
        "{\"required\":\"a\"}|/required|type",
      })
  void aSchemaThatIsNoneIsRefused(String schema, @Nullable String pointer, @Nullable String cause) {
    Optional<Fault> fault = validator.faultOfSchema(schema);
    if (pointer == null && cause == null) {
      assertEquals(Optional.empty(), fault);
    } else {
      assertTrue(fault.isPresent(), schema);
      if (pointer != null) {
        assertEquals(pointer, fault.get().pointer());
      }
      if (cause != null) {
        assertEquals(cause, fault.get().cause());
      }
    }
  }

  @Test
  void aPatternThatTakesForeverIsGivenUp() {
    String text = "\"" + "a".repeat(5_000) + "!\"";
    for (String pattern : new String[] {"^(a+)+$", "^(a|aa)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]$"}) {
      Optional<Fault> fault =
          assertTimeout(
              Duration.ofSeconds(20),
              () -> validator.faultOf(text, "{\"pattern\":\"" + pattern + "\"}"));
      assertTrue(fault.isPresent(), pattern);
    }
  }

  @Test
  void aSchemaWithoutEndIsGivenUp() {
    Optional<Fault> itself = validator.faultOf("1", "{\"$ref\":\"#\"}");
    assertEquals(Optional.of(SchemaValidator.TOO_EXPENSIVE), itself.map(Fault::cause));
    String twice =
        "{\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/b\"},{\"$ref\":\"#/$defs/b\"}]},"
            + "\"b\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/a\"}]}},"
            + "\"$ref\":\"#/$defs/a\"}";
    Optional<Fault> fan =
        assertTimeout(Duration.ofSeconds(30), () -> validator.faultOf("1", twice));
    assertEquals(Optional.of(SchemaValidator.TOO_EXPENSIVE), fan.map(Fault::cause));
  }

  @Test
  void nothingIsFetched() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/s.json";
      for (String schema :
          new String[] {
            "{\"$ref\":\"" + address + "\"}",
            "{\"$schema\":\"" + address + "\"}",
            "{\"$ref\":\"classpath:catalogue.json\"}",
            "{\"$ref\":\"file:///etc/hostname\"}"
          }) {
        assertTrue(validator.faultOf("{}", schema).isPresent(), schema);
        assertTrue(validator.faultOfSchema(schema).isPresent(), schema);
      }
    } finally {
      server.stop(0);
    }
    assertEquals(0, calls.get());
  }

  @Test
  void whatOneSchemaCallsItselfReachesNoOther() {
    String named = "{\"$id\":\"https://example.com/a\",\"type\":\"string\"}";
    assertEquals(Optional.empty(), validator.faultOf("\"x\"", named));
    assertTrue(validator.faultOf("1", "{\"$ref\":\"https://example.com/a\"}").isPresent());
    String other = "{\"$id\":\"https://example.com/a\",\"type\":\"integer\"}";
    assertEquals(Optional.empty(), validator.faultOf("1", other));
  }
}
