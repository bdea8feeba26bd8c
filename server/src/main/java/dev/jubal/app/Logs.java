package dev.jubal.app;

import dev.jubal.platform.log.LogConfig;
import dev.jubal.platform.log.LogLine;
import dev.jubal.platform.log.Redaction;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The log of this process, on standard error: one line an entry, libraries from warnings on. */
final class Logs {
  /** Held, since the logging of the JDK forgets loggers that nobody holds. */
  private static final Logger ROOT = Logger.getLogger("");

  private static final Logger OURS = Logger.getLogger("dev.jubal");

  /** Says of strangers' schemas what the answer to them says as well, some of it as an error. */
  private static final Logger VALIDATOR = Logger.getLogger("com.networknt");

  /** Would log the addresses that callers name, with what they hold in secret. */
  private static final Logger CLIENT = Logger.getLogger("com.linecorp.armeria.client");

  /** Says with a page of stack trace what is said in one line. */
  private static final Logger EXPORTER = Logger.getLogger("io.opentelemetry");

  private Logs() {}

  /** Until the configuration is known: text, without secrets by their form. */
  static void configure() {
    configure(LogConfig.STANDARD, Redaction.FORM);
  }

  static void configure(LogConfig config, Redaction redaction) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setFormatter(new LogLine(config.format(), redaction));
    console.setLevel(Level.ALL);
    ROOT.addHandler(console);
    ROOT.setLevel(Level.WARNING);
    OURS.setLevel(Level.INFO);
    VALIDATOR.setLevel(Level.OFF);
    CLIENT.setLevel(Level.OFF);
    EXPORTER.setLevel(Level.OFF);
    // else the JDK prints what ends a thread itself, past the form and the filter
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> OURS.log(Level.SEVERE, "the thread " + thread.getName() + " ended", e));
  }
}
