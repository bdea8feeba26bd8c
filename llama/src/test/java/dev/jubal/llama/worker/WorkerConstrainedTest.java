package dev.jubal.llama.worker;

import dev.jubal.llama.ConstrainedContract;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineOptions;

final class WorkerConstrainedTest extends ConstrainedContract {
  @Override
  protected Engine open(EngineOptions options) {
    return WorkerEngine.open(options, WorkerSettings.standard());
  }
}
