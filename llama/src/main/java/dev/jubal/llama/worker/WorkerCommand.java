package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The command line of a worker.
 *
 * @param mainClass what runs in it
 * @param classPath where its classes lie
 * @param jvmFlags flags beside the fixed ones
 */
record WorkerCommand(String mainClass, List<Path> classPath, List<String> jvmFlags) {

  // The Vector API is fast only when compiled by C2, so no tier limit. A full heap ends the
  // process, which the server survives, instead of leaving it half alive.
  private static final List<String> FIXED_FLAGS =
      List.of(
          "-Xms16m",
          "-Xmx1g",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-CreateCoredumpOnCrash",
          "--add-modules=jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "-Dslf4j.internal.verbosity=ERROR",
          "-Djava.util.logging.SimpleFormatter.format=%4$s %3$s: %5$s%6$s%n");

  // Locale: else a path with letters beyond ASCII can't be opened. The rest: where a graphics
  // driver or a user's own library is found.
  private static final Set<String> KEPT_VARIABLES =
      Set.of(
          "LANG",
          "LC_ALL",
          "LC_CTYPE",
          "LD_LIBRARY_PATH",
          "DYLD_LIBRARY_PATH",
          "CUDA_VISIBLE_DEVICES",
          "PATH",
          "SystemRoot");

  static WorkerCommand standard(Class<?> mainClass, List<String> jvmFlags) {
    Set<Path> classPath = new LinkedHashSet<>();
    // A logger that needs more than one jar stays out; its absence only silences the child.
    Class<?> provider = LoggerFactory.getILoggerFactory().getClass();
    Stream<Class<?>> needed =
        Stream.of(
            Engine.class, mainClass, Logger.class, Nullable.class, JsonFactory.class, provider);
    needed.map(WorkerCommand::origin).forEach(classPath::add);
    return new WorkerCommand(mainClass.getName(), List.copyOf(classPath), jvmFlags);
  }

  ProcessBuilder process(Path folder) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(FIXED_FLAGS);
    line.add("-XX:ErrorFile=" + SocketFolder.crashReport(folder));
    line.addAll(jvmFlags);
    line.add("-cp");
    line.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    line.add(mainClass);
    line.add(SocketFolder.socket(folder).toString());
    ProcessBuilder process = new ProcessBuilder(line).redirectErrorStream(true);
    Map<String, String> environment = process.environment();
    environment.keySet().retainAll(KEPT_VARIABLES);
    return process;
  }

  private static Path origin(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException("class path entry of " + type.getName() + " is unknown");
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("class path entry: " + source.getLocation(), e);
    }
  }
}
