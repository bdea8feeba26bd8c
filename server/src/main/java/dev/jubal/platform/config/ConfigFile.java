package dev.jubal.platform.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The file {@code jubal.properties} of a data folder. */
public final class ConfigFile {
  private static final String FILE = "jubal.properties";

  private ConfigFile() {}

  /**
   * Its dotted keys; none when there is no such file.
   *
   * @throws ConfigException when it cannot be read
   */
  public static Map<String, String> of(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Map.of();
    }
    Properties read = new Properties();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage());
    }
    Map<String, String> values = new LinkedHashMap<>();
    read.forEach((key, value) -> values.put((String) key, (String) value));
    return values;
  }
}
