package dev.jubal.llama.sampling;

import dev.jubal.llama.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The order of steps that {@link Sampling} promises, in plain doubles, without any shortcut. */
final class Reference {
  private Reference() {}

  /** The probability of each token, given what was drawn before. */
  static double[] probabilities(Sampling sampling, float[] logits, List<Integer> drawn) {
    double[] values = changed(sampling, logits, drawn);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != Double.NEGATIVE_INFINITY) {
        order.add(i);
      }
    }
    order.sort((a, b) -> values[a] == values[b] ? a - b : Double.compare(values[b], values[a]));
    double[] result = new double[values.length];
    if (sampling.temperature() == 0 || sampling.topP() == 0) {
      result[order.getFirst()] = 1;
      return result;
    }
    double max = values[order.getFirst()];
    if (sampling.topK() > 0) {
      order = order.subList(0, Math.min(order.size(), sampling.topK()));
    }
    double total = order.stream().mapToDouble(i -> Math.exp(values[i] - max)).sum();
    if (sampling.topP() < 1) {
      double mass = 0;
      int count = 0;
      while (count < order.size() && mass < sampling.topP() * total) {
        mass += Math.exp(values[order.get(count++)] - max);
      }
      order = order.subList(0, count);
    }
    double sum = 0;
    for (int i : order) {
      if (Math.exp(values[i] - max) >= sampling.minP()) {
        result[i] = Math.exp((values[i] - max) / sampling.temperature());
        sum += result[i];
      }
    }
    for (int i = 0; i < result.length; i++) {
      result[i] /= sum;
    }
    return result;
  }

  private static double[] changed(Sampling sampling, float[] logits, List<Integer> drawn) {
    double[] values = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      values[i] = logits[i];
    }
    for (Map.Entry<Integer, Float> bias : sampling.logitBias().entrySet()) {
      float amount = bias.getValue() <= -100 ? Float.NEGATIVE_INFINITY : bias.getValue();
      values[bias.getKey()] += amount;
    }
    for (int token : drawn) {
      values[token] -= sampling.frequencyPenalty();
    }
    drawn.stream().distinct().forEach(t -> values[t] -= sampling.presencePenalty());
    return values;
  }
}
