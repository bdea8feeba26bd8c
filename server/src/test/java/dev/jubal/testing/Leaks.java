package dev.jubal.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for secrets in what servers and tests leave: logs, reports, databases with their
 * write-ahead logs, crash logs. It knows secrets by a manifest (each line one; a process writes it
 * where the environment names it by JUBAL_TEST_SECRETS) and keys by their form. Files whose purpose
 * is a secret are left out: the master key's, and settings.
 *
 * <p>The JDK alone is needed: {@code java Leaks.java MANIFEST PATH...} is how a test run ends. It
 * says where a secret was found, and which by its last characters, and ends with status 1.
 */
public final class Leaks {
  private static final String VARIABLE = "JUBAL_TEST_SECRETS";
  private static final String FOUND = ".found";
  private static final int SHORTEST = 12;
  private static final int PREFIX = 8;
  private static final int BUFFER = 1 << 20;

  /**
   * What is meant to hold a secret, as the greeting on standard output, and what is large and ours.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "master.key",
          "jubal.properties",
          "script.json",
          "password",
          "stdout.txt",
          "secrets",
          "run",
          "node_modules",
          "models",
          "engine",
          "templates");

  private static final List<String> LEFT_OUT_ENDS =
      List.of(".gguf", ".so", ".dylib", ".jar", ".class", ".aot", ".onnx", FOUND);

  private static final byte[] KEY = bytes("xai-");
  private static final byte[] TOKEN = bytes("token-");
  private static final byte[] WEBHOOK = bytes("whsec_");
  private static final int KEY_LENGTH = 80;
  private static final int WEBHOOK_LENGTH = 24;

  private final Map<Long, List<byte[]>> byPrefix = new HashMap<>();
  private final boolean[] maybe = new boolean[1 << 20];
  private final Set<String> findings = new LinkedHashSet<>();
  private long files;
  private long read;

  private Leaks(Collection<String> secrets) {
    for (String secret : secrets) {
      byte[] bytes = bytes(secret);
      if (bytes.length >= SHORTEST) {
        long prefix = prefix(bytes);
        byPrefix.computeIfAbsent(prefix, p -> new ArrayList<>()).add(bytes);
        maybe[slot(prefix)] = true;
      }
    }
  }

  /** Ends a test run: see the class. */
  public static void main(String[] arguments) throws IOException {
    Path manifest = Path.of(arguments[0]);
    Set<String> secrets = new LinkedHashSet<>(Files.readAllLines(manifest));
    Leaks leaks = new Leaks(secrets);
    Path found = Path.of(manifest + FOUND);
    if (Files.exists(found)) {
      leaks.findings.addAll(Files.readAllLines(found));
    }
    for (String path : Arrays.asList(arguments).subList(1, arguments.length)) {
      leaks.look(Path.of(path));
    }
    leaks.findings.forEach(System.out::println);
    System.out.printf(
        "secrets: %d known, looked for in %d files of %d MB: %d found%n",
        secrets.size(), leaks.files, leaks.read >> 20, leaks.findings.size());
    System.exit(leaks.findings.isEmpty() ? 0 : 1);
  }

  /**
   * Where secrets stand in a folder or file: keys of whatever server, those of the manifest of this
   * run, the master key of the folder, and further ones.
   */
  public static List<String> in(Path place, String... further) {
    try {
      Set<String> secrets = new LinkedHashSet<>(List.of(further));
      String manifest = System.getenv(VARIABLE);
      if (manifest != null && Files.exists(Path.of(manifest))) {
        secrets.addAll(Files.readAllLines(Path.of(manifest)));
      }
      Path master = place.resolve("master.key");
      if (Files.exists(master)) {
        secrets.add(Files.readString(master).strip());
      }
      Leaks leaks = new Leaks(secrets);
      leaks.look(place);
      return List.copyOf(leaks.findings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails when a secret stands in a folder. */
  public static void refuse(Path place) {
    List<String> found = Files.exists(place) ? in(place) : List.of();
    if (!found.isEmpty()) {
      throw new AssertionError("secrets are left in clear: " + found);
    }
  }

  /** Remembers what stands in a folder for the end of the run, where nothing can fail any more. */
  static void note(Path place) {
    String manifest = System.getenv(VARIABLE);
    if (manifest == null) {
      return;
    }
    try {
      Files.write(
          Path.of(manifest + FOUND),
          in(place),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void look(Path place) throws IOException {
    Files.walkFileTree(
        place,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes about) {
            return leftOut(folder) && !folder.equals(place)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes about)
              throws IOException {
            if (about.isRegularFile() && !leftOut(file)) {
              file(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static boolean leftOut(Path file) {
    String name = String.valueOf(file.getFileName());
    return LEFT_OUT.contains(name) || LEFT_OUT_ENDS.stream().anyMatch(name::endsWith);
  }

  private void file(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(".hprof") || name.matches("core(\\.[0-9]+)?")) {
      findings.add(file + ": a dump of memory, which holds secrets and prompts");
    }
    files++;
    byte[] window = new byte[BUFFER];
    int kept = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      int got;
      while ((got = in.readNBytes(window, kept, BUFFER - kept)) > 0) {
        read += got;
        int length = kept + got;
        scan(file, window, length);
        // a secret may stand on the border
        kept = length == BUFFER ? Math.min(length, 1024) : 0;
        System.arraycopy(window, length - kept, window, 0, kept);
        if (length < BUFFER) {
          return;
        }
      }
    }
  }

  private void scan(Path file, byte[] text, int length) {
    long last = 0;
    for (int i = 0; i < length; i++) {
      last = (last << 8) | (text[i] & 0xff);
      if (i >= PREFIX - 1 && maybe[slot(last)]) {
        for (byte[] secret : byPrefix.getOrDefault(last, List.of())) {
          if (at(text, i - PREFIX + 1, length, secret)) {
            findings.add(file + ": " + shown(secret));
          }
        }
      }
      if (text[i] == '-' && i >= 3 && at(text, i - 3, length, KEY)) {
        int from = at(text, i + 1, length, TOKEN) ? i + 1 + TOKEN.length : i + 1;
        if (letters(text, from, length, false) >= KEY_LENGTH) {
          findings.add(file + ": a key, xai-..." + ending(text, from + KEY_LENGTH));
        }
      } else if (text[i] == '_' && i >= 5 && at(text, i - 5, length, WEBHOOK)) {
        if (letters(text, i + 1, length, true) >= WEBHOOK_LENGTH) {
          findings.add(file + ": a secret of webhooks, whsec_...");
        }
      }
    }
  }

  private static String shown(byte[] secret) {
    return "a secret of the manifest, ..." + ending(secret, secret.length);
  }

  private static String ending(byte[] text, int end) {
    return new String(text, end - 4, 4, StandardCharsets.ISO_8859_1);
  }

  private static int letters(byte[] text, int from, int length, boolean base64) {
    int i = from;
    while (i < length
        && (Character.isLetterOrDigit(text[i])
            || (base64 && (text[i] == '+' || text[i] == '/' || text[i] == '=')))
        && text[i] > 0) {
      i++;
    }
    return i - from;
  }

  private static boolean at(byte[] text, int from, int length, byte[] what) {
    return from + what.length <= length
        && Arrays.equals(text, from, from + what.length, what, 0, what.length);
  }

  private static long prefix(byte[] secret) {
    long value = 0;
    for (int i = 0; i < PREFIX; i++) {
      value = (value << 8) | (secret[i] & 0xff);
    }
    return value;
  }

  private static int slot(long prefix) {
    return (int) ((prefix * 0x9e3779b97f4a7c15L) >>> 44);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
