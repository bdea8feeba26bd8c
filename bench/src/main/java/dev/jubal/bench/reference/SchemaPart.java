package dev.jubal.bench.reference;

import dev.jubal.bench.engine.Contestant;
import dev.jubal.bench.engine.Load;
import dev.jubal.bench.engine.Ours;
import dev.jubal.bench.engine.Prompts;
import dev.jubal.bench.report.Markdown;
import dev.jubal.bench.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What it costs to follow a schema: our engine constrained and free, and llama.cpp's server the
 * same way, all on the weights as shipped, in turns. What is compared is the time of one token of a
 * stream, without the prompt's.
 */
final class SchemaPart {
  private static final int PROMPT = 48;
  private static final int TOKENS = 128;
  private static final double MOST_PERCENT = 3;

  /** Cannot be satisfied within the tokens asked for, so that every answer has as many. */
  static final String SCHEMA =
      """
      {"type":"object","additionalProperties":false,"required":["customers"],"properties":{
       "customers":{"type":"array","minItems":12,"items":{
        "type":"object","additionalProperties":false,
        "required":["name","age","city","active","tags"],"properties":{
         "name":{"type":"string"},
         "age":{"type":"integer","minimum":0,"maximum":120},
         "city":{"enum":["Berlin","Paris","Rome","Madrid"]},
         "active":{"type":"boolean"},
         "tags":{"type":"array","items":{"type":"string"},"maxItems":4}}}}}}
      """;

  private final Setting setting;
  private final Path program;
  private final Report report;
  private final Markdown table =
      new Markdown(
          "streams",
          "ours free ms/token",
          "ours constrained",
          "cost",
          "llama-server free",
          "llama-server constrained",
          "cost",
          "constrained, ours : llama-server tok/s",
          "ours with unasked text tok/s");

  SchemaPart(Setting setting, Path program, Report report) {
    this.setting = setting;
    this.program = program;
    this.report = report;
  }

  /** Measures, and returns the table. */
  String run() throws IOException {
    try (Ours ours = new Ours(setting.engine(setting.shipped()))) {
      Prompts prompts = new Prompts(ours.engine(), PROMPT, Setting.SEED);
      for (int streams : setting.streams()) {
        if (streams <= 8) {
          try (LlamaServer theirs =
              LlamaServer.start(setting.reference(program, streams, false), setting.folder())) {
            compare(streams, prompts, ours, theirs);
          }
        }
      }
    }
    return table.text();
  }

  /** The runs of one number of streams. */
  private record Medians(Median free, Median json) {
    Medians() {
      this(new Median(), new Median());
    }

    void round(Contestant contestant, List<String> prompts, boolean freeFirst) throws IOException {
      Load plain = Load.free(prompts, TOKENS);
      Load bound = Load.json(prompts, TOKENS, SCHEMA);
      if (freeFirst) {
        free.add(contestant.run(plain));
        json.add(contestant.run(bound));
      } else {
        json.add(contestant.run(bound));
        free.add(contestant.run(plain));
      }
    }

    double percent() {
      return 100 * (json.millisPerStep() / free.millisPerStep() - 1);
    }
  }

  private void compare(int streams, Prompts prompts, Ours ours, LlamaServer theirs)
      throws IOException {
    new Medians().round(ours, prompts.next(streams), true);
    new Medians().round(theirs, prompts.next(streams), true);
    Medians mine = new Medians();
    Medians reference = new Medians();
    Median unasked = new Median();
    for (int round = 0; round < setting.rounds(); round++) {
      List<String> texts = prompts.next(streams);
      boolean even = round % 2 == 0;
      if (even) {
        mine.round(ours, texts, true);
        reference.round(theirs, texts, true);
      } else {
        reference.round(theirs, texts, false);
        mine.round(ours, texts, false);
      }
      unasked.add(ours.run(Load.json(texts, TOKENS, SCHEMA).withForced()));
    }
    tell(streams, mine, reference, unasked);
  }

  private void tell(int streams, Medians mine, Medians reference, Median unasked) {
    String name = "schema.s" + streams + ".";
    double ratio = mine.json.perSecond() / reference.json.perSecond();
    report.below(name + "ours.cost", mine.percent(), "%", MOST_PERCENT);
    report.fact(name + "theirs.cost", reference.percent(), "%");
    report.atLeast(name + "ratio", ratio, "x", 1.0);
    report.higher(name + "unasked", unasked.perSecond(), "tok/s");
    table.row(
        Integer.toString(streams),
        SpeedPart.two(mine.free.millisPerStep()),
        SpeedPart.two(mine.json.millisPerStep()),
        String.format(Locale.ROOT, "%+.1f %%", mine.percent()),
        SpeedPart.two(reference.free.millisPerStep()),
        SpeedPart.two(reference.json.millisPerStep()),
        String.format(Locale.ROOT, "%+.1f %%", reference.percent()),
        SpeedPart.two(ratio),
        SpeedPart.one(unasked.perSecond()));
  }
}
