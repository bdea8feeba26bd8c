package dev.jubal.llama.worker;

import java.util.Map;

/** Exit values in words. The JDK reports a death by signal {@code n} as 128 + n. */
final class ExitStatus {
  private static final Map<Integer, String> SIGNALS =
      Map.of(4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV");

  private ExitStatus() {}

  static String describe(int value) {
    if (value <= 128) {
      return "ended with status " + value;
    }
    int signal = value - 128;
    return "ended by signal " + signal + " (" + SIGNALS.getOrDefault(signal, "other") + ")";
  }
}
