package dev.jubal.bench.quality;

import dev.jubal.backend.onnx.OnnxBackend;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits the weights of the call decision to the prompts that are not held out: a logistic regression
 * with a quadratic penalty, by gradient descent on a convex loss, so every run ends at one place.
 */
final class DecisionFit {
  /** How much a component of the similarity counts against one of the text's vector. */
  private static final double SCALE = 2;

  private static final double PENALTY = 1;
  private static final int ROUNDS = 20_000;
  private static final double RATE = 0.005;

  private DecisionFit() {}

  /** Writes the weights as the resource the product reads. */
  static void write(List<Labelled> prompts, OnnxBackend vectors, Path target) throws IOException {
    List<double[]> rows = new ArrayList<>();
    List<Boolean> calls = new ArrayList<>();
    for (Labelled prompt : prompts) {
      if (!prompt.heldOut()) {
        rows.add(row(prompt, vectors));
        calls.add(prompt.call().isPresent());
      }
    }
    double[] w = fit(rows, calls);
    int size = w.length - 2;
    List<Double> weights = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      weights.add(rounded(w[i]));
    }
    Map<String, Object> stored = new LinkedHashMap<>();
    stored.put("bias", rounded(w[size + 1]));
    stored.put("similarity", rounded(w[size] * SCALE));
    stored.put("weights", weights);
    Files.write(target, Json.mapper().writeValueAsBytes(stored));
  }

  private static double rounded(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }

  /** The text's vector, and the scaled cosine to the nearest function. */
  private static double[] row(Labelled prompt, OnnxBackend vectors) {
    float[] text = vectors.vectors(List.of(prompt.prompt())).getFirst();
    double nearest = -1;
    for (float[] f :
        vectors.vectors(prompt.functions().stream().map(x -> x.description()).toList())) {
      double dot = 0;
      for (int i = 0; i < text.length; i++) {
        dot += (double) text[i] * f[i];
      }
      nearest = Math.max(nearest, dot);
    }
    double[] row = new double[text.length + 1];
    for (int i = 0; i < text.length; i++) {
      row[i] = text[i];
    }
    row[text.length] = nearest * SCALE;
    return row;
  }

  /** The weights, then the bias. */
  private static double[] fit(List<double[]> rows, List<Boolean> calls) {
    int size = rows.getFirst().length;
    double[] w = new double[size + 1];
    for (int round = 0; round < ROUNDS; round++) {
      double[] gradient = new double[size + 1];
      for (int r = 0; r < rows.size(); r++) {
        double[] row = rows.get(r);
        double z = w[size];
        for (int i = 0; i < size; i++) {
          z += w[i] * row[i];
        }
        double error = 1 / (1 + Math.exp(-z)) - (calls.get(r) ? 1 : 0);
        for (int i = 0; i < size; i++) {
          gradient[i] += error * row[i];
        }
        gradient[size] += error;
      }
      for (int i = 0; i <= size; i++) {
        w[i] -= RATE * (gradient[i] + (i < size ? PENALTY * w[i] : 0));
      }
    }
    return w;
  }
}
