package dev.jubal.bench.reference;

import dev.jubal.bench.process.Folders;
import dev.jubal.platform.artifact.Sha256;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * llama.cpp's own server, built for this machine from the source inside a package of PyPI.
 *
 * <p>What was built is kept under a name that holds the package's hash, the flags, the compiler and
 * the processor, so that a change of any of them builds anew. Sources and objects are deleted once
 * the program is there: it is linked statically and can be moved.
 */
final class ServerBuild {
  private static final String PACKAGE = "llama-cpp-python";
  private static final String VERSION = "0.3.36";
  private static final String SHA256 =
      "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e";
  private static final String PROGRAM = "llama-server";

  /** A release build for this very processor; what the server does not need is left out. */
  private static final List<String> FLAGS =
      List.of(
          "-DCMAKE_BUILD_TYPE=Release",
          "-DBUILD_SHARED_LIBS=OFF",
          "-DGGML_NATIVE=ON",
          "-DGGML_CCACHE=OFF",
          // else the build asks git, which answers with the commit of this repository
          "-DLLAMA_BUILD_NUMBER=0",
          "-DLLAMA_BUILD_COMMIT=pypi-" + VERSION,
          "-DLLAMA_OPENSSL=OFF",
          "-DLLAMA_BUILD_TESTS=OFF",
          "-DLLAMA_BUILD_EXAMPLES=OFF",
          "-DLLAMA_BUILD_APP=OFF",
          "-DLLAMA_BUILD_UI=OFF",
          "-DLLAMA_USE_PREBUILT_UI=OFF");

  private final Path cache;
  private final PrintStream out;

  /**
   * @param cache folder that git ignores
   * @param out where a person who waits reads
   */
  ServerBuild(Path cache, PrintStream out) {
    this.cache = cache;
    this.out = out;
  }

  /** The program, fetched and built first where it is missing: some minutes. */
  Path ready() throws IOException, InterruptedException {
    Path program = cache.resolve(name()).resolve(PROGRAM);
    if (Files.isExecutable(program)) {
      return program;
    }
    Tool.need(Tool.PYTHON, Tool.TAR, Tool.CMAKE, Tool.COMPILER);
    if (!Tool.ninja()) {
      Tool.need(Tool.MAKE);
    }
    Path work = Folders.empty(cache.resolve("build"));
    try {
      build(source(work), work);
      Files.createDirectories(program.getParent());
      Files.move(
          work.resolve("made/bin").resolve(PROGRAM), program, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Folders.delete(work);
    }
    return program;
  }

  /** What the program says of itself, such as "version: 0.5.0-dev (build 0, commit unknown)". */
  static String version(Path program) throws IOException, InterruptedException {
    List<String> said = new ArrayList<>();
    Path here = Path.of("").toAbsolutePath();
    Programs.run(List.of(program.toString(), "--version"), here, said::add);
    return said.stream().filter(l -> l.startsWith("version:")).findFirst().orElse("no version");
  }

  private Path source(Path work) throws IOException, InterruptedException {
    Path file = cache.resolve(PACKAGE.replace('-', '_') + "-" + VERSION + ".tar.gz");
    if (!Files.exists(file)) {
      fetch(work, file);
    }
    String found = Sha256.of(file).hex();
    if (!found.equals(SHA256)) {
      throw new IOException(file + " hashes to " + found + " (expected: " + SHA256 + ").");
    }
    List<String> unpack =
        List.of("tar", "-xzf", file.toString(), "-C", work.toString(), "--strip-components=1");
    Programs.run(unpack, work, line -> {});
    return work.resolve("vendor/llama.cpp");
  }

  private void fetch(Path work, Path file) throws IOException, InterruptedException {
    out.println("  fetching " + PACKAGE + " " + VERSION + " (77 MB) with pip");
    Path wanted =
        Files.writeString(
            work.resolve("wanted.txt"),
            PACKAGE + "==" + VERSION + " --hash=sha256:" + SHA256 + "\n");
    List<String> download =
        List.of(
            "python3",
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--require-hashes",
            "--no-input",
            "--no-binary=" + PACKAGE,
            "--disable-pip-version-check",
            "--dest",
            work.toString(),
            "-r",
            wanted.toString());
    Programs.run(download, work, line -> {});
    Files.move(work.resolve(file.getFileName()), file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void build(Path source, Path work) throws IOException, InterruptedException {
    out.println("  building " + PROGRAM + " once for this machine (10 minutes on two cores)");
    List<String> configure = new ArrayList<>(List.of("cmake"));
    if (Tool.ninja()) {
      configure.addAll(List.of("-G", "Ninja"));
    }
    Path made = work.resolve("made");
    configure.addAll(List.of("-S", source.toString(), "-B", made.toString()));
    configure.addAll(FLAGS);
    Programs.run(configure, work, line -> {});
    boolean terminal = Boolean.getBoolean("jubal.interactive");
    BuildProgress progress = new BuildProgress(PROGRAM, out, terminal);
    String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
    List<String> build =
        List.of("cmake", "--build", made.toString(), "--target", PROGRAM, "--parallel", cores);
    Programs.run(build, work, progress);
    progress.end();
  }

  private static String name() throws IOException, InterruptedException {
    List<String> facts = new ArrayList<>(FLAGS);
    facts.add(SHA256);
    if (Tool.COMPILER.present()) {
      Programs.run(List.of("c++", "--version"), Path.of("").toAbsolutePath(), facts::add);
    }
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      lines.filter(l -> l.matches("(flags|Features)\\s*:.*")).limit(1).forEach(facts::add);
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", facts).getBytes(StandardCharsets.UTF_8));
      return PROGRAM + "-" + HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
