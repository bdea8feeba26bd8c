package dev.jubal.app.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.jubal.backend.llama.models.LocalModel;
import dev.jubal.backend.llama.models.LocalModels;
import dev.jubal.backend.llama.models.NativeLibraries;
import dev.jubal.backend.llama.models.Recommendations;
import dev.jubal.backend.llama.models.SpeedTest;
import dev.jubal.platform.config.ConfigException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "models",
    description = "List the models of the data folder, and some that would suit this machine.")
final class ModelsCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Only this one.")
  private @Nullable String name;

  @Option(
      names = "--measure",
      description = "Measure the speed first: seconds to minutes for each, one stream, all cores.")
  private boolean measure;

  ModelsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    LocalModels local = new LocalModels(dataDir.path());
    LocalModels.Found found = local.all();
    List<LocalModel> models = chosen(found.models());
    Table table = new Table("NAME", "SIZE", "FORM", "CONTEXT", "LICENCE", "SPEED", "SOURCE");
    for (LocalModel model : models) {
      LocalModel shown = measure ? new SpeedTest(local).measure(model, library()) : model;
      table.add(
          shown.name(),
          ConsoleProgress.size(shown.bytes()),
          shown.quantisation(),
          String.valueOf(shown.contextTokens()),
          shown.licence(),
          speed(shown),
          shown.source());
    }
    if (table.isEmpty()) {
      terminal.err().println("No models in " + dataDir.path() + ". Fetch the default: jubal pull");
    } else {
      table.print(terminal.out());
    }
    found.damaged().forEach(line -> terminal.err().println("damaged: " + line));
    if (name == null && !measure) {
      recommend();
    }
    return 0;
  }

  private List<LocalModel> chosen(List<LocalModel> all) {
    if (name == null) {
      return all;
    }
    List<LocalModel> one = all.stream().filter(m -> m.name().equals(name)).toList();
    if (one.isEmpty()) {
      throw new ConfigException(
          "models: there is no \""
              + name
              + "\" (expected: one of "
              + all.stream().map(LocalModel::name).toList()
              + ").");
    }
    return one;
  }

  private Path library() {
    return new NativeLibraries(dataDir.path())
        .installed("auto")
        .orElseThrow(
            () ->
                new ConfigException(
                    "the native library is not in "
                        + dataDir.path()
                        + " (expected: one run of jubal pull)."));
  }

  private static String speed(LocalModel model) {
    return model
        .speed()
        .map(
            s ->
                String.format(
                    Locale.ROOT,
                    "reads %.0f, writes %.0f tok/s (%d threads)",
                    s.promptTokensPerSecond(),
                    s.tokensPerSecond(),
                    s.threads()))
        .orElse("not measured");
  }

  private void recommend() {
    Recommendations list = Recommendations.load();
    long memory =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    Table table = new Table("SIZE", "MEMORY", "LICENCE", "RUNS NOW", "REF");
    for (Recommendations.Entry entry : list.fitting(memory)) {
      table.add(
          entry.gigabytes() + " GB",
          (int) entry.memoryGigabytes() + " GB",
          entry.licence(),
          entry.runs() ? "expected" : "not yet: template",
          entry.ref());
    }
    if (table.isEmpty()) {
      return;
    }
    terminal.out().println();
    terminal
        .out()
        .println(
            "Others that suit " + ConsoleProgress.size(memory) + " of memory (jubal pull REF):");
    table.print(terminal.out());
    terminal.out().println(list.note());
  }
}
