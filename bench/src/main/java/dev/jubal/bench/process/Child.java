package dev.jubal.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process this one started and ends. Its standard error is this process's own. */
public final class Child implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 15;

  private final Process process;
  private final BufferedReader out;
  private final Thread hook;

  private Child(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.hook = new Thread(process::destroyForcibly, "end-" + process.pid());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a command line. */
  public static Child start(List<String> command) throws IOException {
    return new Child(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Starts a command line in a folder. */
  public static Child start(List<String> command, Path folder) throws IOException {
    return new Child(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Starts a command line in a folder; all that it prints goes to a file. */
  public static Child start(List<String> command, Path folder, Path log) throws IOException {
    return new Child(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start());
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** What the system knows of it now. */
  public ProcStat stat() throws IOException {
    return ProcStat.of(pid());
  }

  /** The next line of its standard output, null at the end. */
  public @Nullable String readLine() throws IOException {
    return out.readLine();
  }

  /** Sends a line and waits for one. */
  public String ask(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
    String answer = readLine();
    if (answer == null) {
      throw new IOException("process " + pid() + " ended instead of answering");
    }
    return answer;
  }

  /** Reads away what it prints from now on. */
  public void drain() {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (out.readLine() != null) {
                  // nobody asks for it
                }
              } catch (IOException e) {
                // the stream is closed when the process ends
              }
            });
  }

  /** Asks it to end, then ends it. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // this process is ending too, and the hook does the rest
    }
  }

  /** Ends it at once. */
  public void kill() {
    process.destroyForcibly();
    close();
  }
}
