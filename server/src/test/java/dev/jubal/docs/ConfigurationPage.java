package dev.jubal.docs;

import dev.jubal.platform.config.ConfigReader;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Locale;

/** docs/generated/configuration.md. */
public final class ConfigurationPage {
  private ConfigurationPage() {}

  /** One row a key of a tree. */
  public static String text(Class<? extends Record> root) {
    Table table = new Table("key", "kind", "default", "meaning");
    for (ConfigReader.Entry entry : ConfigReader.entries(root)) {
      table.row(
          "`" + entry.key() + "`",
          kind(entry.type()),
          entry.standard().isEmpty() ? "none" : "`" + entry.standard() + "`",
          entry.doc());
    }
    return """
    # Configuration

    A key has three spellings; the first of these that names it wins: the command line
    (`--limits.default-rpm=60`), the environment (`JUBAL_LIMITS_DEFAULT_RPM`), the file
    `jubal.properties` in the data folder. A key nobody knows stops the start.

    """
        + table;
  }

  private static String kind(Type type) {
    if (type instanceof ParameterizedType p) {
      return kind(p.getActualTypeArguments()[0]);
    }
    Class<?> c = (Class<?>) type;
    if (c.isEnum()) {
      StringBuilder values = new StringBuilder();
      for (Object constant : c.getEnumConstants()) {
        values.append(values.isEmpty() ? "" : ", ").append(constant);
      }
      return values.toString().toLowerCase(Locale.ROOT);
    }
    return switch (c.getSimpleName()) {
      case "boolean" -> "true or false";
      case "int", "long", "Integer" -> "whole number";
      case "double" -> "number";
      case "Duration" -> "duration";
      case "Path" -> "path";
      case "Secret" -> "secret";
      default -> "text";
    };
  }
}
