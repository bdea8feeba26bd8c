package dev.jubal.inference.sight;

import dev.jubal.platform.time.Cancellation;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads the text of a page with tesseract, in a process of its own for each: no shell, an empty
 * environment, one thread, no files, limited in time, memory and output.
 */
final class Ocr {
  private static final int MOST_OUTPUT = 64 * 1024;
  private static final String OFF = "off";
  private static final List<String> LIMITS =
      List.of("--as=1073741824", "--core=0", "--fsize=0", "--nofile=64");

  private final SightConfig config;
  private final Map<String, String> environment;

  Ocr(SightConfig config, Map<String, String> environment) {
    this.config = config;
    this.environment = environment;
  }

  /** Whether a page would be read. */
  boolean reads() {
    return !config.ocr().equals(OFF) && program(config.ocr()).isPresent();
  }

  Reading read(Page page, Cancellation cancel) {
    if (config.ocr().equals(OFF)) {
      return new Reading.Off();
    }
    Optional<Path> program = program(config.ocr());
    if (program.isEmpty()) {
      return new Reading.NotInstalled();
    }
    try {
      Process process = start(program.get());
      cancel.onCancel(() -> end(process));
      try {
        return await(process, page);
      } finally {
        end(process);
      }
    } catch (IOException e) {
      return new Reading.Failed("it could not be started");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reading.Failed("the server is stopping");
    }
  }

  private Process start(Path program) throws IOException {
    List<String> line = new ArrayList<>();
    program("prlimit") // of util-linux; elsewhere the small page alone bounds the memory
        .ifPresent(
            p -> {
              line.add(p.toString());
              line.addAll(LIMITS);
            });
    line.addAll(
        List.of(program.toString(), "stdin", "stdout", "-l", config.ocrLanguages(), "--psm", "3"));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
    Map<String, String> own = builder.environment();
    own.clear();
    own.put("PATH", environment.getOrDefault("PATH", ""));
    own.put("OMP_THREAD_LIMIT", "1");
    String data = environment.get("TESSDATA_PREFIX");
    if (data != null) {
      own.put("TESSDATA_PREFIX", data);
    }
    return builder.start();
  }

  /** Not by the process itself: it would wait for what still holds its output. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }

  private Reading await(Process process, Page page) throws InterruptedException {
    Thread.ofVirtual().start(() -> write(process, page));
    byte[][] said = {new byte[0]};
    Thread reader = Thread.ofVirtual().start(() -> said[0] = output(process));
    if (!process.waitFor(config.ocrTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
      return new Reading.Failed("it took longer than " + config.ocrTimeout().toSeconds() + " s");
    }
    reader.join();
    boolean full = said[0].length == MOST_OUTPUT; // then it ends because nobody reads on
    return full || process.exitValue() == 0
        ? new Reading.Text(new String(said[0], StandardCharsets.UTF_8))
        : new Reading.Failed("it ended with status " + process.exitValue());
  }

  private static void write(Process process, Page page) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(page.pgm());
    } catch (IOException e) {
      // it ended before it read everything, which its status tells
    }
  }

  /** As much as is taken. */
  private static byte[] output(Process process) {
    try (InputStream in = process.getInputStream()) {
      return in.readNBytes(MOST_OUTPUT);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private Optional<Path> program(String name) {
    if (name.contains("/")) {
      return Optional.of(Path.of(name)).filter(Files::isExecutable);
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path file = Path.of(folder).resolve(name);
      if (file.isAbsolute() && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
