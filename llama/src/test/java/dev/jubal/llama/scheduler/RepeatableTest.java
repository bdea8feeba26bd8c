package dev.jubal.llama.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Recorder;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A repeatable request gives the same logits, to the last bit, whatever was computed before it and
 * beside it: with a fresh memory, with one that others left prefixes of its prompt in, read in
 * other pieces, and in a crowd.
 */
@Timeout(300)
final class RepeatableTest {
  private static final String SYSTEM = "You are a helper who answers in few words. ";
  private static final String STORY = "There was a dog and a cat and a bird by the sea. ".repeat(8);

  /** Fewer tokens than are computed in another order, nearly as many, and more. */
  private static final List<String> PROMPTS =
      List.of(
          SYSTEM + "Say hello in five words.",
          SYSTEM + "Name a town by the sea, and a bird. ".repeat(5),
          SYSTEM + STORY + "Who was there?");

  @Test
  void whatIsInMemoryIsNotSeenInTheLogits() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<List<SampledToken>> expected = new ArrayList<>();
    for (String prompt : PROMPTS) {
      try (Engine engine = SlotEngine.open(Artefacts.options(4, 1024))) {
        expected.add(run(engine, probe(prompt)).answered().tokens());
      }
    }
    try (Engine engine = SlotEngine.open(Artefacts.options(4, 1024))) {
      for (int round = 0; round < 12; round++) {
        List<Recorder> crowd = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          crowd.add(run(engine, noise(random)));
        }
        if (random.nextBoolean()) {
          crowd.forEach(Recorder::answered);
        }
        int which = random.nextInt(PROMPTS.size());
        Recorder answer = run(engine, probe(PROMPTS.get(which))).answered();
        crowd.forEach(Recorder::answered);
        assertEquals(
            logits(expected.get(which)),
            logits(answer.tokens()),
            "prompt "
                + which
                + ", cached "
                + answer.cached()
                + ", round "
                + round
                + ", seed "
                + seed);
      }
    }
  }

  @Test
  void aPrefixIsStillComputedOnce() {
    try (Engine engine = SlotEngine.open(Artefacts.options(2, 1024))) {
      for (String prompt : List.of(PROMPTS.getFirst(), PROMPTS.getLast())) {
        run(engine, probe(prompt)).answered();
        Recorder again = run(engine, probe(prompt)).answered();
        int rest = again.prompt() < Step.MANY ? 1 : Step.MANY;
        assertEquals(again.prompt() - rest, again.cached());
      }
    }
  }

  private static List<String> logits(List<SampledToken> tokens) {
    return tokens.stream().map(t -> t.id() + " " + t.logprob()).toList();
  }

  private static Recorder run(Engine engine, EngineRequest request) {
    Recorder recorder = new Recorder();
    engine.submit(request, recorder);
    return recorder;
  }

  private static EngineRequest probe(String prompt) {
    return request(prompt, Sampling.greedy().repeatably(), 1, 12);
  }

  /** Somebody else's request, which often begins alike. */
  private static EngineRequest noise(Random random) {
    String prompt =
        switch (random.nextInt(4)) {
          case 0 -> SYSTEM + "Say hello in " + random.nextInt(100) + " words.";
          case 1 -> SYSTEM + STORY.substring(0, random.nextInt(STORY.length()));
          case 2 -> PROMPTS.get(random.nextInt(PROMPTS.size()));
          default -> "What is " + random.nextInt(1000) + " and " + STORY;
        };
    Sampling sampling = new Sampling(1, 0.9f, 0, 0, 0, 0, Map.of(), random.nextLong());
    return request(
        prompt,
        random.nextBoolean() ? sampling : sampling.repeatably(),
        1 + random.nextInt(3),
        1 + random.nextInt(24));
  }

  private static EngineRequest request(String prompt, Sampling sampling, int choices, int tokens) {
    return new EngineRequest(
        List.of(new Segment(prompt, false)),
        sampling,
        choices,
        new EngineRequest.Limits(tokens, List.of(), true),
        0);
  }
}
