package dev.jubal.llama.template.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Some hundred templates of our grammar with what Jinja2 gave. Made by {@code
 * conformance/templates/reference.py fuzz}; {@code ./jubal test templates} makes thousands anew.
 */
final class GoldenTest {
  @Test
  void rendersWhatTheReferenceRendersAndRaisesWhereItRaises() throws IOException {
    try (InputStream golden = GoldenTest.class.getResourceAsStream("golden.json")) {
      assertTrue(golden != null, "golden.json is missing (expected: beside this class)");
      RandomTemplates templates =
          RandomTemplates.of(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
      assertTrue(templates.cases().size() > 300, templates.cases().size() + " cases");
      assertEquals(List.of(), templates.differences());
    }
  }
}
