package dev.jubal.bench.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A schema of the benchmark with values it accepts and values it does not.
 *
 * @param set the data set it is from
 */
record SchemaCase(
    String set, String name, JsonNode schema, List<JsonNode> valid, List<JsonNode> invalid) {
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(5000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** The sets that are measured. */
  static final List<String> SETS =
      List.of(
          "BFCL_simple",
          "Glaiveai2K",
          "Github_trivial",
          "Github_easy",
          "Github_medium",
          "Github_hard",
          "JsonSchemaStore");

  /**
   * The cases of a set with the lowest SHA-256 of their file names.
   *
   * @param folder the benchmark's maskbench/data
   */
  static List<SchemaCase> of(Path folder, String set, int most) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> file.getFileName().toString().startsWith(set))
              .sorted(Comparator.comparing(SchemaCase::hash))
              .limit(most)
              .toList();
    }
    List<SchemaCase> cases = new ArrayList<>();
    for (Path file : files) {
      cases.add(read(set, file));
    }
    return cases;
  }

  private static String hash(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] name = file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(digest.digest(name));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static SchemaCase read(String set, Path file) {
    try {
      JsonNode root = MAPPER.readTree(Files.readString(file));
      List<JsonNode> valid = new ArrayList<>();
      List<JsonNode> invalid = new ArrayList<>();
      for (JsonNode test : root.path("tests")) {
        (test.path("valid").asBoolean() ? valid : invalid).add(test.path("data"));
      }
      return new SchemaCase(
          set, file.getFileName().toString(), root.path("schema"), valid, invalid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
