package dev.jubal.llama.host;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.EngineStats;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.Segment;
import java.util.List;

/** An engine that only knows its name and whether it was closed. */
class FakeEngine implements Engine {
  private final String name;
  private volatile boolean closed;

  FakeEngine(String name) {
    this.name = name;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public ModelInfo info() {
    return new ModelInfo(name, 1, 1, 1, 1, 1, 1, null);
  }

  @Override
  public int[] tokenize(List<Segment> prompt) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<byte[]> pieces(int[] tokens) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Ticket submit(EngineRequest request, EngineListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public EngineStats stats() {
    return new EngineStats(0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Override
  public void close() {
    closed = true;
  }
}
