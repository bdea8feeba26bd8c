package dev.jubal.platform.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fills a tree of records from dotted keys.
 *
 * <p>The first of these that names a key wins: command line ({@code --limits.default-rpm=60}),
 * environment ({@code JUBAL_LIMITS_DEFAULT_RPM}), properties file, the default of {@link Key}. A
 * key nobody knows stops the start, with the nearest known one. A {@link Secret} may be given by
 * reference: see {@link SecretReferences}.
 */
public final class ConfigReader {
  private static final String PREFIX = "JUBAL_";

  private ConfigReader() {}

  /** One key of a tree. */
  public record Entry(String key, Type type, String standard, String doc) {
    /** The name of the environment variable. */
    public String environment() {
      return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
  }

  /** All keys of a tree, in order. */
  public static List<Entry> entries(Class<? extends Record> root) {
    List<Entry> found = new ArrayList<>();
    collect(root, "", found);
    return found;
  }

  private static void collect(Class<?> type, String path, List<Entry> found) {
    for (RecordComponent c : type.getRecordComponents()) {
      String key = path.isEmpty() ? dashed(c.getName()) : path + "." + dashed(c.getName());
      Key rule = c.getAnnotation(Key.class);
      if (rule == null) {
        collect(c.getType(), key, found);
      } else {
        found.add(new Entry(key, c.getGenericType(), rule.value(), rule.doc()));
      }
    }
  }

  /**
   * Reads the tree.
   *
   * @param flags dotted keys of the command line
   * @param environment the process environment; only names that start with JUBAL_ are read
   * @param file dotted keys of the properties file
   * @throws ConfigException on an unknown key or a value of the wrong kind
   */
  public static <T extends Record> T read(
      Class<T> root,
      Map<String, String> flags,
      Map<String, String> environment,
      Map<String, String> file) {
    List<Entry> entries = entries(root);
    Map<String, String> values = new LinkedHashMap<>();
    known(entries, file.keySet(), "the properties file");
    values.putAll(file);
    values.putAll(fromEnvironment(entries, environment));
    known(entries, flags.keySet(), "the command line");
    values.putAll(flags);
    return build(root, "", values, references(flags, environment, file));
  }

  /**
   * The text of one key by the command line, the environment and its default: for what has to be
   * known before there is a properties file.
   *
   * @throws ConfigException on an unknown key
   */
  public static String text(
      Class<? extends Record> root,
      String key,
      Map<String, String> flags,
      Map<String, String> environment) {
    List<Entry> entries = entries(root);
    known(entries, flags.keySet(), "the command line");
    String standard =
        entries.stream()
            .filter(e -> e.key().equals(key))
            .findFirst()
            .map(Entry::standard)
            .orElseThrow(() -> new IllegalArgumentException("no key " + key + " in " + root));
    return flags.getOrDefault(
        key, fromEnvironment(entries, environment).getOrDefault(key, standard));
  }

  /**
   * References as this process can follow them.
   *
   * @param environment the process environment
   * @param file dotted keys of the properties file, some of which may say where a Vault is
   */
  public static SecretReferences references(
      Map<String, String> environment, Map<String, String> file) {
    return references(Map.of(), environment, file);
  }

  private static SecretReferences references(
      Map<String, String> flags, Map<String, String> environment, Map<String, String> file) {
    return new SecretReferences(environment, () -> vault(flags, environment, file));
  }

  private static VaultConfig vault(
      Map<String, String> flags, Map<String, String> environment, Map<String, String> file) {
    SecretReferences local =
        new SecretReferences(
            environment,
            () -> {
              throw new ConfigException("the way to a Vault cannot lead through it");
            });
    return part(VaultConfig.class, "vault", List.of(file, flags), environment, local);
  }

  /**
   * Reads one part of a tree, for what needs no more; keys of other parts are not looked at.
   *
   * @param path the part's key, such as {@code database}
   * @throws ConfigException on an unknown key of the part or a value of the wrong kind
   */
  public static <T extends Record> T part(
      Class<T> type, String path, Map<String, String> environment, Map<String, String> file) {
    return part(type, path, List.of(file, Map.of()), environment, references(environment, file));
  }

  /**
   * @param given the properties file, and the command line, which wins over the environment
   */
  private static <T extends Record> T part(
      Class<T> type,
      String path,
      List<Map<String, String>> given,
      Map<String, String> environment,
      SecretReferences references) {
    List<Entry> entries = new ArrayList<>();
    collect(type, path, entries);
    String prefix = PREFIX + path.toUpperCase(Locale.ROOT).replace('-', '_') + "_";
    Map<String, String> own = new LinkedHashMap<>(environment);
    own.keySet().removeIf(name -> !name.startsWith(prefix));
    Map<String, String> values = below(path, entries, given.getFirst(), "the properties file");
    values.putAll(fromEnvironment(entries, own));
    values.putAll(below(path, entries, given.getLast(), "the command line"));
    return build(type, path, values, references);
  }

  private static Map<String, String> below(
      String path, List<Entry> entries, Map<String, String> given, String where) {
    Map<String, String> values = new LinkedHashMap<>();
    given.forEach(
        (key, value) -> {
          if (key.startsWith(path + ".")) {
            known(entries, List.of(key), where);
            values.put(key, value);
          }
        });
    return values;
  }

  private static Map<String, String> fromEnvironment(
      List<Entry> entries, Map<String, String> environment) {
    Map<String, String> byName = new TreeMap<>();
    entries.forEach(e -> byName.put(e.environment(), e.key()));
    Map<String, String> values = new LinkedHashMap<>();
    environment.forEach(
        (name, value) -> {
          if (!name.startsWith(PREFIX) || RESERVED.contains(name)) {
            return;
          }
          String key = byName.get(name);
          if (key == null) {
            throw unknown(name, List.copyOf(byName.keySet()), "the environment");
          }
          values.put(key, value);
        });
    return values;
  }

  /** Names the launcher and the tests read themselves. */
  private static final List<String> RESERVED =
      List.of(
          "JUBAL_HOME",
          "JUBAL_JAVA_OPTS",
          "JUBAL_TEST_LIBRARY",
          "JUBAL_TEST_MODEL",
          SecretManifest.NAME);

  private static void known(List<Entry> entries, Iterable<String> keys, String where) {
    List<String> names = entries.stream().map(Entry::key).toList();
    for (String key : keys) {
      if (!names.contains(key)) {
        throw unknown(key, names, where);
      }
    }
  }

  private static ConfigException unknown(String key, List<String> known, String where) {
    return new ConfigException(
        "Unknown key "
            + key
            + " in "
            + where
            + Nearest.to(key, known, 1).stream()
                .findFirst()
                .map(n -> " (did you mean " + n + "?)")
                .orElse("")
            + ".");
  }

  private static <T> T build(
      Class<T> type, String path, Map<String, String> values, SecretReferences references) {
    RecordComponent[] parts = type.getRecordComponents();
    Object[] arguments = new Object[parts.length];
    Class<?>[] types = new Class<?>[parts.length];
    for (int i = 0; i < parts.length; i++) {
      RecordComponent c = parts[i];
      String key = path.isEmpty() ? dashed(c.getName()) : path + "." + dashed(c.getName());
      Key rule = c.getAnnotation(Key.class);
      types[i] = c.getType();
      arguments[i] =
          rule == null
              ? build(c.getType(), key, values, references)
              : value(
                  key,
                  c.getGenericType(),
                  Objects.requireNonNullElse(values.get(key), rule.value()),
                  references);
    }
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw new ConfigException(path + ": " + e.getTargetException().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not a configuration record: " + type, e);
    }
  }

  private static Object value(String key, Type type, String text, SecretReferences references) {
    if (type instanceof ParameterizedType p) {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(value(key, p.getActualTypeArguments()[0], text, references));
    }
    if (type == Secret.class) {
      return references.of(key, text.strip());
    }
    try {
      return scalar((Class<?>) type, text.strip());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(key + ": \"" + text + "\" (expected: " + e.getMessage() + ").");
    }
  }

  private static Object scalar(Class<?> type, String text) {
    if (type == String.class) {
      return text;
    }
    if (type == Path.class) {
      return Path.of(text);
    }
    if (type == Duration.class) {
      return Durations.parse(text);
    }
    if (type == boolean.class) {
      if (text.equals("true") || text.equals("false")) {
        return text.equals("true");
      }
      throw new IllegalArgumentException("true or false");
    }
    if (type == int.class || type == long.class || type == Integer.class) {
      return whole(type, text);
    }
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (constant.toString().equalsIgnoreCase(text)) {
          return constant;
        }
      }
      throw new IllegalArgumentException(
          "one of " + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT));
    }
    throw new IllegalStateException("a configuration record cannot hold " + type);
  }

  private static Object whole(Class<?> type, String text) {
    try {
      return type == long.class ? (Object) Long.valueOf(text) : (Object) Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number", e);
    }
  }

  static String dashed(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
