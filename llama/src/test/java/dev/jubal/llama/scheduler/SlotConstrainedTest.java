package dev.jubal.llama.scheduler;

import dev.jubal.llama.ConstrainedContract;
import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineOptions;

final class SlotConstrainedTest extends ConstrainedContract {
  @Override
  protected Engine open(EngineOptions options) {
    return SlotEngine.open(options);
  }
}
