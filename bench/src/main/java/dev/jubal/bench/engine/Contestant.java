package dev.jubal.bench.engine;

import java.io.IOException;
import java.util.List;

/** An engine that answers prompts all at once with a fixed number of greedy tokens each. */
interface Contestant extends AutoCloseable {

  /** Runs all prompts together, each to {@code tokens} tokens whatever they say. */
  Run run(List<String> prompts, int tokens) throws IOException;

  @Override
  void close();
}
