package dev.jubal.bench.engine;

import java.io.IOException;

/** An engine that answers prompts all at once, greedily. */
public interface Contestant extends AutoCloseable {

  /** Runs all prompts of a load together. */
  Run run(Load load) throws IOException;

  @Override
  void close();
}
