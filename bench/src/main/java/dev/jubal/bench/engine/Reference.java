package dev.jubal.bench.engine;

import dev.jubal.bench.process.Child;
import dev.jubal.llama.EngineOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The reference program: {@code Llama.java} and {@code Worker.java} of a folder, compiled into a
 * temporary one together with our driver, and run as a process that has its own worker.
 */
final class Reference implements Contestant {
  private static final List<String> SOURCES = List.of("Llama.java", "Worker.java");
  private static final String DRIVER = "reference-driver.txt";

  private final Child child;

  private Reference(Child child) {
    this.child = child;
  }

  /** Compiles and starts it; {@code work} is an empty folder. */
  static Reference start(Path sources, Path work, EngineOptions options) throws IOException {
    Path classes = compile(sources, work);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classes.toString(),
            "r4.Bench",
            "drive",
            options.library().toString(),
            options.model().toString(),
            Integer.toString(options.slots()),
            Integer.toString(options.threads()));
    // its socket lies in the folder it runs in
    Child child = Child.start(command, work);
    String ready = child.readLine();
    if (!"ready".equals(ready)) {
      child.close();
      throw new IOException("the reference said " + ready + " (expected: ready)");
    }
    return new Reference(child);
  }

  private static Path compile(Path sources, Path work) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IOException("this Java has no compiler (expected: a JDK)");
    }
    Path driver = work.resolve("Bench.java");
    try (InputStream in = Reference.class.getResourceAsStream(DRIVER)) {
      if (in == null) {
        throw new IOException("resource " + DRIVER + " is missing");
      }
      Files.copy(in, driver);
    }
    Path classes = Files.createDirectory(work.resolve("classes"));
    List<String> arguments =
        new java.util.ArrayList<>(List.of("-nowarn", "-d", classes.toString()));
    SOURCES.forEach(name -> arguments.add(sources.resolve(name).toString()));
    arguments.add(driver.toString());
    int status = compiler.run(null, System.err, System.err, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IOException("the reference in " + sources + " does not compile");
    }
    return classes;
  }

  @Override
  public Run run(Load load) throws IOException {
    if (load.schema().isPresent()) {
      throw new IOException("the reference knows no schema (expected: free text)");
    }
    String encoded =
        load.prompts().stream()
            .map(p -> Base64.getEncoder().encodeToString(p.getBytes(StandardCharsets.UTF_8)))
            .collect(Collectors.joining(","));
    String[] answer = child.ask(load.tokens() + " " + encoded).split(" ");
    if (!answer[0].equals("ran")) {
      throw new IOException("the reference said " + String.join(" ", answer));
    }
    return new Run(
        Long.parseLong(answer[1]),
        Arrays.stream(answer[4].split(",")).mapToLong(Long::parseLong).toArray(),
        Long.parseLong(answer[2]),
        Long.parseLong(answer[3]));
  }

  @Override
  public void close() {
    child.close();
  }
}
