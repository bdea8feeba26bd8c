package dev.jubal.backend.onnx;

import dev.jubal.inference.Backend;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.embedding.EmbeddingBackend;
import dev.jubal.platform.time.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** bge-small-en-v1.5 in this process; loaded by the first request. Thread-safe. */
public final class OnnxBackend implements EmbeddingBackend {
  private static final String NAME = "bge-small-en-v1.5";
  private static final int DIMENSIONS = 384;
  private static final int WINDOW = 512;

  private final int threads;
  private final TokenIds foreign = new TokenIds();
  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable Loaded loaded;
  private boolean closed;

  /** Runs each text on that many threads. */
  public OnnxBackend(int threads) {
    this.threads = threads;
  }

  private record Loaded(WordPiece tokenizer, Session session) {}

  @Override
  public Embeddings embed(List<Text> inputs, Model model, Cancellation cancel) {
    check(model);
    Loaded ready = load();
    List<List<Integer>> texts = ids(inputs, model, ready.tokenizer);
    List<float[]> vectors = new ArrayList<>(texts.size());
    long tokens = 0;
    for (List<Integer> text : texts) {
      if (cancel.cancelled()) {
        break;
      }
      vectors.add(ready.session.vector(text));
      tokens += text.size();
    }
    return new Embeddings(vectors, tokens);
  }

  /**
   * The vectors of some texts for the server's own use: what is over the window is cut off, which
   * no client's text ever is.
   */
  public List<float[]> vectors(List<String> texts) {
    Loaded ready = load();
    List<float[]> vectors = new ArrayList<>(texts.size());
    for (String text : texts) {
      List<Integer> ids = ready.tokenizer.encode(text);
      vectors.add(ready.session.vector(ids.subList(0, Math.min(ids.size(), WINDOW))));
    }
    return vectors;
  }

  @Override
  public long promptTokens(List<Text> inputs, Model model) {
    check(model);
    return ids(inputs, model, load().tokenizer).stream().mapToLong(List::size).sum();
  }

  @Override
  public boolean counts() {
    return true;
  }

  private List<List<Integer>> ids(List<Text> inputs, Model model, WordPiece tokenizer) {
    List<List<Integer>> texts = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      String param = inputs.size() == 1 ? "input" : "input[" + i + "]";
      texts.add(ids(inputs.get(i), model, tokenizer, param));
    }
    return texts;
  }

  private List<Integer> ids(Text input, Model model, WordPiece tokenizer, String param) {
    List<Integer> ids =
        switch (input) {
          case Text.Plain plain -> tokenizer.encode(plain.text());
          case Text.Tokens tokens -> fromTokens(tokens.ids(), model, tokenizer, param);
        };
    if (ids.size() > WINDOW) {
      throw new BackendFailure.PromptTooLong(
          param
              + " has "
              + ids.size()
              + " tokens (expected: at most "
              + WINDOW
              + ", the window of "
              + NAME
              + "; nothing is cut).");
    }
    return ids;
  }

  private List<Integer> fromTokens(
      List<Integer> ids, Model model, WordPiece tokenizer, String param) {
    Optional<String> encoding = model.rules().tokenEncoding();
    if (encoding.isPresent()) {
      return tokenizer.encode(foreign.text(ids, encoding.get(), param));
    }
    for (int id : ids) {
      if (id < 0 || id >= tokenizer.size()) {
        throw new BackendFailure.Rejected(
            param,
            param
                + ": "
                + id
                + " is no token id of "
                + NAME
                + " (expected: 0 to "
                + (tokenizer.size() - 1)
                + ").");
      }
    }
    return tokenizer.framed(ids);
  }

  private static void check(Model model) {
    if (!model.target().equals(NAME)) {
      throw new BackendFailure.Unavailable(
          "The model "
              + model.id()
              + " points to "
              + model.target()
              + ", which the onnx backend does not have (expected: "
              + NAME
              + ").");
    }
  }

  private Loaded load() {
    Loaded ready = loaded;
    if (ready != null) {
      return ready;
    }
    loading.lock();
    try {
      if (closed) {
        throw new BackendFailure.Unavailable("The embedding model is closed.");
      }
      ready = loaded;
      if (ready == null) {
        WordPiece tokenizer = WordPiece.read(resource("/bge-small-en-v1.5-q-tokenizer.json"));
        Session session = new Session(resource("/bge-small-en-v1.5-q.onnx"), threads, DIMENSIONS);
        ready = new Loaded(tokenizer, session);
        loaded = ready;
      }
      return ready;
    } finally {
      loading.unlock();
    }
  }

  private static byte[] resource(String path) {
    try (InputStream in = OnnxBackend.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new BackendFailure.Unavailable(
            "The class path lacks " + path + " (expected: the jar with the weights of bge-small).");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Backend.Weights weights(Model model) {
    check(model);
    return new Backend.Weights(
        "onnx/" + NAME, WINDOW, "MIT", true, false, false, Backend.Weights.Thinking.NOT);
  }

  @Override
  public int dimensions(Model model) {
    return DIMENSIONS;
  }

  @Override
  public void close() {
    loading.lock();
    try {
      closed = true;
      Loaded ready = loaded;
      loaded = null;
      if (ready != null) {
        ready.session.close();
      }
    } finally {
      loading.unlock();
    }
  }
}
