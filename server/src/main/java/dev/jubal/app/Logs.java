package dev.jubal.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log of this process: one line an entry on standard error, libraries from warnings on. */
final class Logs {
  /** Held, since the logging of the JDK forgets loggers that nobody holds. */
  private static final Logger ROOT = Logger.getLogger("");

  private static final Logger OURS = Logger.getLogger("dev.jubal");

  /** Says of strangers' schemas what the answer to them says as well, some of it as an error. */
  private static final Logger VALIDATOR = Logger.getLogger("com.networknt");

  /** Would log the addresses that callers name, with what they hold in secret. */
  private static final Logger CLIENT = Logger.getLogger("com.linecorp.armeria.client");

  private Logs() {}

  static void configure() {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler console = new ConsoleHandler();
    console.setFormatter(new Line());
    console.setLevel(Level.ALL);
    ROOT.addHandler(console);
    ROOT.setLevel(Level.WARNING);
    OURS.setLevel(Level.INFO);
    VALIDATOR.setLevel(Level.OFF);
    CLIENT.setLevel(Level.OFF);
  }

  /** Time, level, the class, the message; a stack trace follows on lines of its own. */
  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord entry) {
      String name = String.valueOf(entry.getLoggerName());
      String text =
          entry.getInstant()
              + " "
              + level(entry.getLevel())
              + " "
              + name.substring(name.lastIndexOf('.') + 1)
              + ": "
              + formatMessage(entry)
              + "\n";
      Throwable thrown = entry.getThrown();
      return thrown == null ? text : text + trace(thrown);
    }

    private static String level(Level level) {
      return level.intValue() >= Level.SEVERE.intValue()
          ? "ERROR"
          : level.intValue() >= Level.WARNING.intValue() ? "WARN " : "INFO ";
    }

    private static String trace(Throwable thrown) {
      StringWriter text = new StringWriter();
      thrown.printStackTrace(new PrintWriter(text));
      return text.toString();
    }
  }
}
