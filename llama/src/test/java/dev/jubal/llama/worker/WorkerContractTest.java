package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineContract;
import dev.jubal.llama.EngineOptions;

final class WorkerContractTest extends EngineContract {
  @Override
  protected Engine open(EngineOptions options) {
    return WorkerEngine.open(options, WorkerSettings.standard());
  }
}
