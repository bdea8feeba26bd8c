package dev.jubal.llama.scheduler;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.QueueContract;

final class SlotEngineQueueTest extends QueueContract {
  @Override
  protected Engine open(EngineOptions options) {
    return SlotEngine.open(options);
  }
}
