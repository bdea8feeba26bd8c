package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher, on a machine made of shell scripts: a PATH with a few basic tools, JDKs that print
 * how they were called, a Maven that lays down two jars.
 */
@DisabledOnOs(OS.WINDOWS)
final class LauncherTest {
  private static final List<String> BASIC =
      List.of(
          "awk",
          "cat",
          "cksum",
          "cp",
          "cut",
          "dirname",
          "find",
          "grep",
          "head",
          "ln",
          "mkdir",
          "mv",
          "nice",
          "readlink",
          "rm",
          "sed",
          "sha256sum",
          "sleep",
          "tail",
          "tee",
          "touch",
          "tr");

  // A space in every path: the home of the checkout, of the user and of the JDK.
  @TempDir private Path root;
  private Path home;
  private Path bin;

  private record Result(int status, String out, String err) {}

  @BeforeEach
  void machine() throws IOException {
    home = Files.createDirectories(root.resolve("a checkout"));
    bin = Files.createDirectories(root.resolve("bin"));
    for (String tool : BASIC) {
      program(bin.resolve(tool), "#!/bin/sh\nexec " + real(tool) + " \"$@\"\n");
    }
    String script = Files.readString(Path.of("..", "jubal"), StandardCharsets.UTF_8);
    // The machine's own JDKs must not be found.
    for (String place : List.of("/usr/lib/jvm", "/usr/java", "/opt", "/Library/Java")) {
      script =
          script.replace("    " + place + "/", "    \"" + root.resolve("sys") + "\"" + place + "/");
    }
    program(home.resolve("jubal"), script);
    for (String source : List.of("llama", "server")) {
      Files.createDirectories(home.resolve(source).resolve("src/main"));
      Files.createFile(home.resolve(source).resolve("pom.xml"));
    }
    Files.createFile(home.resolve("pom.xml"));
    Files.createDirectory(home.resolve(".mvn"));
  }

  @Test
  void namesAMissingJdkWithTheLineThatInstallsIt() throws Exception {
    program(bin.resolve("apt-get"), "#!/bin/sh\n");
    Result result = jubal(Map.of(), "version");
    assertEquals(1, result.status);
    assertTrue(result.err.contains("JDK 25 is missing"), result.err);
    assertTrue(result.err.contains("sudo apt-get install -y openjdk-25-jdk"), result.err);
  }

  @Test
  void takesNoOlderJdkAndSaysWhatJavaHomeShouldBe() throws Exception {
    Path old = jdk(root.resolve("old jdk"), "21.0.4");
    Result result = jubal(Map.of("JAVA_HOME", old.toString()), "version");
    assertEquals(1, result.status);
    assertTrue(
        result.err.contains("JAVA_HOME is " + old + " (expected: the folder of a JDK 25)"),
        result.err);
  }

  @Test
  void namesAMissingMavenWhenThereIsNoBuild() throws Exception {
    jdk(root.resolve("sys/usr/lib/jvm/some jdk"), "25.0.1");
    program(bin.resolve("dnf"), "#!/bin/sh\n");
    Result result = jubal(Map.of(), "version");
    assertEquals(1, result.status);
    assertTrue(result.err.contains("Maven is missing"), result.err);
    assertTrue(result.err.contains("sudo dnf install -y maven"), result.err);
  }

  @Test
  void buildsOnceAndAgainWhenASourceIsNewer() throws Exception {
    maven();
    jdk(root.resolve("user home/.sdkman/candidates/java/25-tem"), "25");
    Result first = jubal(Map.of(), "key", "create", "a name");
    assertEquals(0, first.status, first.err);
    assertTrue(first.out.endsWith("|dev.jubal.app.Main|key|create|a name|\n"), first.out);
    assertEquals(0, jubal(Map.of(), "version").status);
    assertEquals(1, builds());

    Path source = Files.createFile(home.resolve("server/src/main/New.java"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertEquals(0, jubal(Map.of(), "version").status);
    assertEquals(2, builds());
  }

  @Test
  void buildsWithTheJdkItFound() throws Exception {
    maven();
    Path jdk = jdk(root.resolve("sys/opt/jdk 25"), "25.0.3");
    assertEquals(0, jubal(Map.of(), "version").status);
    assertEquals(jdk.toString(), Files.readString(home.resolve("maven-java")).strip());
  }

  @Test
  void saysWhenTheBuildFailed() throws Exception {
    program(bin.resolve("mvn"), "#!/bin/sh\necho '[ERROR] no such symbol'\nexit 1\n");
    jdk(root.resolve("sys/opt/jdk"), "25");
    Result result = jubal(Map.of(), "version");
    assertEquals(1, result.status);
    assertTrue(result.err.contains("no such symbol"), result.err);
    assertTrue(result.err.contains("the build failed"), result.err);
    assertEquals("", result.out);
    assertFalse(Files.exists(home.resolve(".cache/run/lock")));
  }

  @Test
  void worksFromAnywhereAndThroughALink() throws Exception {
    maven();
    Path jdk = jdk(root.resolve("my jdk"), "25.0.3");
    Path link = Files.createSymbolicLink(bin.resolve("jubal link"), home.resolve("jubal"));
    Process process =
        start(
            new ProcessBuilder(link.toString(), "version").directory(bin.toFile()),
            Map.of("JAVA_HOME", jdk.toString(), "JUBAL_JAVA_OPTS", "-Xmx1g -Dx=y"));
    Result result = result(process);
    assertEquals(0, result.status, result.err);
    assertTrue(result.out.contains("|-Xmx1g|-Dx=y|"), result.out);
    assertTrue(result.out.contains("|@" + home.toRealPath()), result.out);
    String arguments = Files.readString(arguments(result));
    assertTrue(arguments.startsWith("-cp \"" + home.toRealPath()), arguments);
    assertTrue(arguments.contains("jubal-server-1.jar"), arguments);
  }

  @Test
  void keepsTheRunningBuildWhenItMakesANewOne() throws Exception {
    maven();
    jdk(root.resolve("sys/opt/jdk"), "25");
    Path before = arguments(jubal(Map.of(), "version"));
    // This process stands for a server that runs from the first build.
    Path pids = before.resolveSibling("pids");
    Files.createFile(pids.resolve(String.valueOf(ProcessHandle.current().pid())));
    rebuild("two");
    Path after = arguments(jubal(Map.of(), "version"));
    assertFalse(after.equals(before));
    assertTrue(Files.exists(before.resolveSibling("lib").resolve("jubal-server-1.jar")));

    Files.delete(pids.resolve(String.valueOf(ProcessHandle.current().pid())));
    rebuild("three");
    jubal(Map.of(), "version");
    assertFalse(Files.exists(before.resolveSibling("lib")));
  }

  @Test
  void makesTheStartUpCacheInTheBackgroundAndUsesItLater() throws Exception {
    maven();
    jdk(root.resolve("sys/opt/jdk"), "25");
    Result first = jubal(Map.of(), "serve");
    assertEquals(0, first.status, first.err);
    assertFalse(first.out.contains("-XX:AOTCache="), first.out);
    assertTrue(first.err.contains("start-up cache in the background"), first.err);
    assertTrue(waitFor(home.resolve(".cache/run"), ".aot"));
    Result second = jubal(Map.of(), "serve");
    assertTrue(second.out.contains("-XX:AOTCache="), second.out);
    // Other flags make another cache: the JVM would refuse this one.
    Result other = jubal(Map.of("JUBAL_JAVA_OPTS", "-Xmx1g"), "version");
    assertFalse(other.out.contains("-XX:AOTCache="), other.out);
    rebuild("two");
    assertFalse(jubal(Map.of(), "version").out.contains("-XX:AOTCache="));
  }

  @Test
  void startsWithoutACacheThatCannotBeMadeAndSaysSo() throws Exception {
    maven();
    Path jdk = jdk(root.resolve("sys/opt/jdk"), "25");
    program(
        jdk.resolve("bin/java"), "#!/bin/sh\ncase $* in *AOTMode*) exit 1;; esac\necho \"|$*|\"\n");
    Result first = jubal(Map.of(), "serve");
    assertEquals(0, first.status, first.err);
    assertTrue(waitFor(home.resolve(".cache/run"), ".failed"));
    Result second = jubal(Map.of(), "serve");
    assertEquals(0, second.status, second.err);
    assertTrue(second.err.contains("making it failed once"), second.err);
  }

  @Test
  void namesAllThatTheTestsNeedAndRunsNothing() throws Exception {
    program(bin.resolve("brew"), "#!/bin/sh\n");
    Result result = jubal(Map.of(), "test");
    assertEquals(1, result.status);
    for (String line :
        List.of(
            "brew install openjdk@25",
            "brew install maven",
            "brew install python",
            "brew install node",
            "brew install tesseract",
            "nothing was run")) {
      assertTrue(result.err.contains(line), result.err);
    }
  }

  @Test
  void knowsItsTestSuites() throws Exception {
    Result result = jubal(Map.of(), "test", "jav");
    assertEquals(1, result.status);
    assertTrue(
        result.err.contains("\"jav\" (expected: all, java, conformance, fuzz, kills or templates)"),
        result.err);
  }

  @Test
  void addsUpTheTestsOfTheBuildAndOfTheSdks() throws Exception {
    testTools("exit 0");
    conformance("echo noise; echo '7 passed, 0 failed'");
    report("llama", 5, 0, 0, 1);
    report("server", 10, 0, 0, 0);
    Result result = jubal(Map.of(), "test");
    assertEquals(0, result.status, result.out + result.err);
    assertTrue(result.out.endsWith("\n21 passed, 0 failed\n"), result.out);
    assertTrue(result.err.contains("1 tests of the build were skipped"), result.err);
    assertTrue(result.out.contains("library /lib folder model /a model.gguf"), result.out);
  }

  @Test
  void failsWhenATestOfEitherFails() throws Exception {
    testTools("exit 1");
    conformance("echo '6 passed, 1 failed'; exit 1");
    report("server", 10, 1, 1, 0);
    Result result = jubal(Map.of(), "test");
    assertEquals(1, result.status);
    assertTrue(result.out.endsWith("\n14 passed, 3 failed\n"), result.out);
  }

  @Test
  void countsAGateThatFailsWithoutAReportAndAnEarlyEnd() throws Exception {
    testTools("exit 1");
    conformance("exit 3");
    Result result = jubal(Map.of(), "test");
    assertEquals(1, result.status);
    assertTrue(result.out.endsWith("\n0 passed, 2 failed\n"), result.out);
    assertTrue(result.err.contains("the build itself failed"), result.err);
    assertTrue(result.err.contains("conformance/run ended early"), result.err);
  }

  @Test
  void failsWhenASecretStandsInWhatTheTestsLeft() throws Exception {
    testTools("exit 0");
    conformance("echo planted >>\"$JUBAL_TEST_SECRETS\"; echo '7 passed, 0 failed'");
    Result result = jubal(Map.of(), "test", "conformance");
    assertEquals(1, result.status);
    assertTrue(result.out.endsWith("\n7 passed, 1 failed\n"), result.out);
    assertTrue(result.err.contains("secrets stand in what the tests left"), result.err);
    assertFalse(
        PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.resolve(".cache/secrets/manifest")))
            .contains("r--r"));
  }

  @Test
  void dumpsNoMemory() throws Exception {
    maven();
    jdk(root.resolve("sys/opt/jdk"), "25");
    String out = jubal(Map.of(), "version").out;
    assertTrue(out.contains("|-XX:-HeapDumpOnOutOfMemoryError|"), out);
    assertTrue(out.contains("|-XX:-CreateCoredumpOnCrash|"), out);
  }

  @Test
  void runsOneSuiteWhenAsked() throws Exception {
    testTools("exit 0");
    conformance("echo '7 passed, 0 failed'");
    report("server", 10, 0, 0, 0);
    assertTrue(jubal(Map.of(), "test", "java").out.endsWith("\n10 passed, 0 failed\n"));
    assertTrue(jubal(Map.of(), "test", "conformance").out.endsWith("\n7 passed, 0 failed\n"));
  }

  /** All that the tests need; the build's own verify puts its prepared reports in place. */
  private void testTools(String verify) throws IOException {
    jdk(root.resolve("sys/opt/jdk"), "25");
    maven();
    String build = Files.readString(bin.resolve("mvn"));
    program(
        bin.resolve("mvn"),
        build
            + "case $* in *verify*) for m in llama server; do\n"
            + "  [ ! -d reports/$m ] || { mkdir -p $m/target && cp -r reports/$m"
            + " $m/target/surefire-reports; }\ndone\n"
            + "echo; echo library $JUBAL_TEST_LIBRARY model $JUBAL_TEST_MODEL\n"
            + verify
            + ";; esac\n");
    for (String tool : List.of("python3", "node", "npm", "tesseract")) {
      program(bin.resolve(tool), "#!/bin/sh\n");
    }
  }

  private void conformance(String script) throws IOException {
    Files.createDirectory(home.resolve("conformance"));
    program(home.resolve("conformance/run"), "#!/bin/sh\n" + script + "\n");
    program(
        home.resolve("conformance/secrets"),
        "#!/bin/sh\n"
            + "[ -f \"$1\" ] && [ \"$1\" = \"$JUBAL_TEST_SECRETS\" ] && ! grep -q planted"
            + " \"$1\"\n");
  }

  private void report(String module, int tests, int failures, int errors, int skipped)
      throws IOException {
    Path folder = Files.createDirectories(home.resolve("reports").resolve(module));
    Files.writeString(
        folder.resolve("TEST-x.xml"),
        "<?xml version=\"1.0\"?>\n<testsuite name=\"x\" time=\"1.5\" tests=\""
            + tests
            + "\" errors=\""
            + errors
            + "\" skipped=\""
            + skipped
            + "\" failures=\""
            + failures
            + "\">\n</testsuite>\n");
  }

  /** A JDK whose java prints its arguments, and writes the cache it is asked for. */
  private static Path jdk(Path place, String version) throws IOException {
    Files.createDirectories(place.resolve("bin"));
    Files.writeString(place.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    program(
        place.resolve("bin/java"),
        """
        #!/bin/sh
        create=
        for word; do
          case $word in
            -XX:AOTMode=create) create=yes ;;
            -XX:AOTCache=*) [ -z "$create" ] || echo cache >"${word#*=}" ;;
          esac
          printf '|%s' "$word"
        done
        echo '|'
        case $* in *'Main pull'*) echo 'library=/lib folder'; echo 'model=/a model.gguf' ;; esac
        """);
    program(place.resolve("bin/javac"), "#!/bin/sh\n");
    return place;
  }

  /** A Maven that counts its builds and whose jars differ when a file says so. */
  private void maven() throws IOException {
    Files.writeString(home.resolve("version"), "one");
    program(
        bin.resolve("mvn"),
        """
        #!/bin/sh
        echo built >>builds
        echo "$JAVA_HOME" >maven-java
        mkdir -p server/target/lib
        cat version >server/target/jubal-server-1.jar
        echo llama >server/target/lib/jubal-llama-1.jar
        echo other >server/target/lib/other.jar
        """);
  }

  private void rebuild(String version) throws IOException {
    Files.writeString(home.resolve("version"), version);
    Files.setLastModifiedTime(home.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(5)));
  }

  private long builds() throws IOException {
    return Files.readAllLines(home.resolve("builds")).size();
  }

  private Result jubal(Map<String, String> environment, String... words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(home.resolve("jubal").toString());
    builder.command().addAll(List.of(words));
    return result(start(builder.directory(root.toFile()), environment));
  }

  private Process start(ProcessBuilder builder, Map<String, String> environment)
      throws IOException {
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder
        .environment()
        .put("HOME", Files.createDirectories(root.resolve("user home")).toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Result result(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out, err);
  }

  private static Path arguments(Result result) {
    int at = result.out.indexOf("|@");
    assertTrue(at >= 0, result.out + result.err);
    return Path.of(result.out.substring(at + 2, result.out.indexOf('|', at + 2)));
  }

  /** Whether a file of that suffix appears below a folder within ten seconds. */
  private static boolean waitFor(Path folder, String suffix) throws IOException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < end) {
      try (Stream<Path> files = Files.walk(folder)) {
        if (files.anyMatch(f -> f.toString().endsWith(suffix))) {
          return true;
        }
      } catch (java.io.UncheckedIOException e) {
        // A file went while it was listed: the training run tidies up after itself.
        Thread.onSpinWait();
      }
    }
    return false;
  }

  private static Path real(String tool) {
    for (String folder : System.getenv("PATH").split(":")) {
      Path file = Path.of(folder).resolve(tool);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new IllegalStateException(tool + " is not on the PATH");
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
