package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.QueueContract;

final class WorkerQueueTest extends QueueContract {
  @Override
  protected Engine open(EngineOptions options) {
    return WorkerEngine.open(options, WorkerSettings.standard());
  }
}
