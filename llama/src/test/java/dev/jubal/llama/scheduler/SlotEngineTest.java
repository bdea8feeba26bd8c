package dev.jubal.llama.scheduler;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineContract;
import dev.jubal.llama.EngineOptions;

final class SlotEngineTest extends EngineContract {
  @Override
  protected Engine open(EngineOptions options) {
    return SlotEngine.open(options);
  }
}
