package dev.jubal.bench.schema;

import dev.jubal.bench.engine.Weights;
import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.binding.Library;
import dev.jubal.llama.binding.Model;
import dev.jubal.llama.binding.Vocabulary;
import dev.jubal.llama.constraint.CompiledForm;
import dev.jubal.llama.constraint.FormCompiler;
import dev.jubal.llama.constraint.Matcher;
import dev.jubal.llama.constraint.Vocab;
import dev.jubal.llama.constraint.schema.SchemaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ./jubal bench schemas}: constrained decoding on the schemas of JSONSchemaBench. */
@Command(
    name = "jubal bench schemas",
    mixinStandardHelpOptions = true,
    description = "Measure constrained decoding on the schemas of JSONSchemaBench.")
public final class SchemaBench implements Callable<Integer> {
  private static final Logger NETWORKNT =
      Logger.getLogger("com.networknt"); // kept from the collector
  private static final int WALKS = 3;
  private static final int SLOW_MILLIS = 25;
  private static final int MOST_TIMED = 3;

  @Option(names = "--data", required = true, description = "The benchmark's maskbench/data.")
  private Path data = Path.of(".");

  @Option(names = "--library", description = "The folder of the native library.")
  private @Nullable Path library;

  @Option(names = "--model", description = "A GGUF file, for its vocabulary.")
  private @Nullable Path model;

  @Option(names = "--schemas", description = "Schemas of each set.")
  private int most = 200;

  @Option(names = "--set", description = "Only this set.")
  private @Nullable String only;

  @Option(names = "--json", description = "Also write the figures to this file.")
  private @Nullable Path json;

  @Option(names = "--notes", description = "Also write every disagreement to this file.")
  private @Nullable Path notes;

  @Option(names = "--no-walks", description = "Leave out the random answers.")
  private boolean noWalks;

  private final Tally tally = new Tally();

  public static void main(String[] args) {
    // networknt names every keyword it does not know, thousands of times
    NETWORKNT.setLevel(Level.OFF);
    System.exit(new CommandLine(new SchemaBench()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    List<String> sets = only == null ? SchemaCase.SETS : List.of(only);
    Weights weights = Weights.find(library, model);
    Library opened = Library.open(weights.library(), line -> {});
    try (Model loaded = Model.load(opened, weights.model(), "cpu")) {
      Vocabulary vocabulary = loaded.vocabulary();
      Vocab vocab =
          new Vocab(
              vocabulary.size(), vocabulary::piece, vocabulary::isControl, vocabulary::endsText);
      warmUp(sets);
      FormCompiler strict = new FormCompiler(SchemaOptions.DEFAULT);
      FormCompiler open = new FormCompiler(new SchemaOptions(true));
      for (String set : sets) {
        for (SchemaCase one : SchemaCase.of(data, set, most)) {
          measure(one, strict, open, vocabulary, vocab);
        }
        System.err.println("  " + set + " done");
      }
    }
    Result result = new Result(tally);
    result.markdown(System.out);
    if (json != null) {
      Files.writeString(json, result.json().toString());
    }
    if (notes != null) {
      Files.write(notes, tally.notes);
    }
    return 0;
  }

  /** Compiles everything once, so that what is timed afterwards is compiled code. */
  private void warmUp(List<String> sets) throws IOException {
    FormCompiler compiler = new FormCompiler(SchemaOptions.DEFAULT);
    for (String set : sets) {
      for (SchemaCase one : SchemaCase.of(data, set, most)) {
        try {
          compiler.compile(new OutputForm.JsonSchema(one.schema().toString()));
        } catch (FormRefusal e) {
          // counted when it is measured
        }
      }
    }
  }

  private void measure(
      SchemaCase one, FormCompiler strict, FormCompiler open, Vocabulary vocabulary, Vocab vocab) {
    int[] counts = tally.compiled.computeIfAbsent(one.set(), set -> new int[2]);
    counts[0]++;
    OutputForm form = new OutputForm.JsonSchema(one.schema().toString());
    CompiledForm compiled;
    try {
      long begin = System.nanoTime();
      try {
        compiled = strict.compile(form);
      } finally {
        double millis = (System.nanoTime() - begin) / 1e6;
        tally.compileFirst.add(millis);
        if (millis > SLOW_MILLIS) {
          tally.notes.add("slow " + one.name() + " " + millis + " ms");
        }
      }
      compiled.matcher(vocab);
    } catch (FormRefusal e) {
      tally.refused(
          e.keyword().isEmpty() ? e.expected() : e.keyword(), one.name() + " " + e.getMessage());
      return;
    } catch (RuntimeException e) {
      tally.crashes++;
      tally.notes.add("crash " + one.name() + " " + e + " " + Arrays.toString(e.getStackTrace()));
      return;
    }
    counts[1]++;
    long begin = System.nanoTime();
    strict.compile(form);
    tally.compileAgain.add((System.nanoTime() - begin) / 1e6);
    values(one, compiled, open, vocabulary, vocab);
    tally.memory.add(compiled.bytes(vocab) / 1024.0);
    if (!noWalks) {
      walk(one, compiled, vocabulary, vocab);
    }
  }

  private void values(
      SchemaCase one,
      CompiledForm compiled,
      FormCompiler open,
      Vocabulary vocabulary,
      Vocab vocab) {
    CompiledForm openForm;
    try {
      openForm = open.compile(new OutputForm.JsonSchema(one.schema().toString()));
    } catch (FormRefusal e) {
      tally.notes.add("open refused " + one.name() + " " + e.getMessage());
      return;
    }
    InstanceText texts = new InstanceText(one.schema(), octets(vocabulary));
    int timed = 0;
    for (JsonNode value : one.valid()) {
      tally.valid++;
      Optional<String> text = texts.accepted(compiled.matcher(vocab), value);
      if (text.isPresent()) {
        tally.validTakenByDefault++;
        if (timed++ < MOST_TIMED) {
          time(compiled, vocabulary.tokenize(text.get(), false), vocab);
        }
      }
      if (texts.accepted(openForm.matcher(vocab), value).isPresent()) {
        tally.validTaken++;
      } else {
        tally.notes.add("valid refused " + one.name() + " " + value);
      }
    }
    for (JsonNode value : one.invalid()) {
      tally.invalid++;
      if (texts.accepted(openForm.matcher(vocab), value).isPresent()
          || texts.accepted(compiled.matcher(vocab), value).isPresent()) {
        tally.invalidTaken++;
        boolean overlap = overlap(one, value.toString());
        tally.invalidByOverlap += overlap ? 1 : 0;
        tally.notes.add("invalid taken " + one.name() + " overlap " + overlap + " " + value);
      }
    }
  }

  private static boolean overlap(SchemaCase one, String text) {
    return Validator.of(Validator.overlapping(one.schema()))
        .map(validator -> validator.errors(text).isEmpty())
        .orElse(false);
  }

  private static int[] octets(Vocabulary vocabulary) {
    int[] octets = new int[256];
    Arrays.fill(octets, -1);
    for (int token = 0; token < vocabulary.size(); token++) {
      byte[] piece = vocabulary.piece(token);
      if (piece.length == 1 && !vocabulary.isControl(token)) {
        octets[piece[0] & 255] = token;
      }
    }
    return octets;
  }

  private void time(CompiledForm compiled, int[] tokens, Vocab vocab) {
    for (boolean cold : new boolean[] {true, false}) {
      Matcher matcher = compiled.matcher(vocab);
      for (int token : tokens) {
        long builds = compiled.maskBuilds(vocab);
        long begin = System.nanoTime();
        matcher.mask();
        double micros = (System.nanoTime() - begin) / 1e3;
        if (compiled.maskBuilds(vocab) > builds) {
          tally.maskCold.add(micros);
        } else if (!cold) {
          tally.maskWarm.add(micros);
        }
        begin = System.nanoTime();
        boolean taken = matcher.advance(token);
        if (!cold) {
          tally.advance.add((System.nanoTime() - begin) / 1e3);
        }
        if (!taken) {
          tally.notes.add("token refused " + token);
          return;
        }
      }
    }
  }

  private void walk(SchemaCase one, CompiledForm compiled, Vocabulary vocabulary, Vocab vocab) {
    Optional<Validator> validator = Validator.of(one.schema());
    Walk walk =
        new Walk(new Random(one.name().hashCode()), vocabulary::piece, vocabulary::endsText);
    for (int i = 0; i < WALKS; i++) {
      tally.walks++;
      Optional<String> text = walk.draw(compiled.matcher(vocab));
      if (text.isEmpty()) {
        tally.deadEnds++;
        tally.notes.add("dead end " + one.name() + " " + walk.last());
        continue;
      }
      if (validator.isEmpty()) {
        tally.walksUnjudged++;
        continue;
      }
      String errors = validator.get().errors(text.get());
      if (errors.isEmpty()) {
        tally.walksValid++;
        continue;
      }
      boolean overlap = overlap(one, text.get());
      tally.walksByOverlap += overlap ? 1 : 0;
      tally.notes.add(
          "answer wrong " + one.name() + " overlap " + overlap + " " + errors + " " + text.get());
    }
  }
}
