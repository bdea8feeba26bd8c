package dev.jubal.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a line that was typed ended, and what it said. */
record CommandRun(int status, String out, String err) {
  /** Runs a line in this process on a data folder; one without a word is left as it is. */
  static CommandRun of(Path data, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
    List<String> line = new ArrayList<>(List.of(words));
    if (words.length > 0) {
      line.addAll(List.of("--data-dir", data.toString()));
    }
    int status =
        CommandLines.create(terminal, List.of(), List.of()).execute(line.toArray(String[]::new));
    return new CommandRun(status, out.toString(), err.toString());
  }
}
