package dev.jubal.backend.llama.decision;

import dev.jubal.inference.Item;
import dev.jubal.inference.Tools;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides, for a model that cannot, whether an answer should be a call, and of which functions.
 *
 * <p>The user's text is compared with what the functions are described to do, and judged by an
 * {@link IntentProbe} for whether it asks for something to be done or looked up at all: "Will it
 * rain in Oslo?" and "Why does it rain?" are equally near to a weather service. Thread-safe.
 */
public final class CallDecider {
  /** Functions so much less near than the nearest stay open to the model's choice. */
  private static final double MARGIN = 0.05;

  private final TextVectors vectors;
  private final FunctionVectors functionVectors;
  private final IntentProbe probe;

  public CallDecider(TextVectors vectors, IntentProbe probe) {
    this.vectors = vectors;
    this.functionVectors = new FunctionVectors(vectors);
    this.probe = probe;
  }

  /** Whether the next answer of a conversation should be a call. */
  public Verdict decide(List<Item> conversation, List<Tools.Function> functions) {
    Optional<String> said = Occasion.of(conversation);
    if (said.isEmpty() || functions.isEmpty()) {
      return new Verdict(List.of(), Double.NEGATIVE_INFINITY);
    }
    float[] text = vectors.of(List.of(said.get())).getFirst();
    List<Near> ranked = ranked(text, functions);
    double score = probe.score(text, ranked.getFirst().cosine);
    return new Verdict(score > 0 ? fitting(ranked) : List.of(), score);
  }

  /** The functions that fit what was said, best first; at least one. */
  public List<Tools.Function> fitting(List<Item> conversation, List<Tools.Function> functions) {
    return Occasion.of(conversation)
        .map(said -> fitting(ranked(vectors.of(List.of(said)).getFirst(), functions)))
        .orElse(functions);
  }

  private record Near(Tools.Function function, double cosine) {}

  private List<Near> ranked(float[] text, List<Tools.Function> functions) {
    List<float[]> candidates = functionVectors.of(functions);
    List<Near> near = new ArrayList<>(functions.size());
    for (int i = 0; i < functions.size(); i++) {
      near.add(new Near(functions.get(i), dot(text, candidates.get(i))));
    }
    near.sort(Comparator.comparingDouble(Near::cosine).reversed());
    return near;
  }

  private static List<Tools.Function> fitting(List<Near> ranked) {
    double least = ranked.getFirst().cosine - MARGIN;
    return ranked.stream().filter(n -> n.cosine >= least).map(Near::function).toList();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
