package dev.jubal.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.jubal.inference.BackendFailure;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The loaded model. One text at a time: the quantised weights scale their numbers by what else is
 * in a batch, so that only a text alone gives the same vector whoever asks beside it. The turn is
 * fair, so a request of one text waits for one text of a long list, not for the list.
 */
final class Session implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final int dimensions;
  private final Semaphore turn = new Semaphore(1, true);

  Session(byte[] weights, int threads, int dimensions) {
    this.dimensions = dimensions;
    try {
      this.environment = OrtEnvironment.getEnvironment();
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      // waiting threads must not burn the cores the language model decodes on
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      this.session = environment.createSession(weights, options);
    } catch (OrtException e) {
      throw new BackendFailure.Unavailable("ONNX Runtime cannot load the model: " + e.getMessage());
    }
  }

  /** The vector of one framed text, of unit length: the first token's hidden state. */
  float[] vector(List<Integer> ids) {
    long[][] input = {ids.stream().mapToLong(Integer::longValue).toArray()};
    long[][] mask = {new long[ids.size()]};
    Arrays.fill(mask[0], 1);
    long[][] types = {new long[ids.size()]};
    turn.acquireUninterruptibly();
    try (OnnxTensor a = OnnxTensor.createTensor(environment, input);
        OnnxTensor b = OnnxTensor.createTensor(environment, mask);
        OnnxTensor c = OnnxTensor.createTensor(environment, types);
        OrtSession.Result out =
            session.run(Map.of("input_ids", a, "attention_mask", b, "token_type_ids", c))) {
      FloatBuffer hidden = ((OnnxTensor) out.get(0)).getFloatBuffer();
      float[] vector = new float[dimensions];
      hidden.get(vector);
      return unit(vector);
    } catch (OrtException e) {
      throw new BackendFailure.Broken("ONNX Runtime failed: " + e.getMessage());
    } finally {
      turn.release();
    }
  }

  private static float[] unit(float[] vector) {
    double sum = 0;
    for (float v : vector) {
      sum += (double) v * v;
    }
    float length = (float) Math.sqrt(sum);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }

  @Override
  public void close() {
    turn.acquireUninterruptibly(); // never under a running text
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not let go of the model", e);
    }
  }
}
