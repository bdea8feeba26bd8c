package dev.jubal.llama.host;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineOptions;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One model, from the first who asked for it on. The lock of {@link EngineHost} guards it. */
final class Loading {
  private final EngineOptions options;
  private final CompletableFuture<Engine> ready = new CompletableFuture<>();
  private @Nullable Engine engine;
  private @Nullable EngineFailure failure;
  private long failedAt;
  private long needBytes;
  private int leases;
  private long lastUse;

  Loading(EngineOptions options) {
    this.options = options;
  }

  EngineOptions options() {
    return options;
  }

  /** Completed outside the lock. */
  CompletableFuture<Engine> ready() {
    return ready;
  }

  void use(long now) {
    leases++;
    lastUse = now;
  }

  void release(long now) {
    leases--;
    lastUse = now;
  }

  void reserve(long bytes) {
    needBytes = bytes;
  }

  void loaded(Engine loaded) {
    engine = loaded;
  }

  void failed(EngineFailure why, long now) {
    failure = why;
    failedAt = now;
    needBytes = 0;
  }

  @Nullable Engine engine() {
    return engine;
  }

  @Nullable EngineFailure failure() {
    return failure;
  }

  long failedAt() {
    return failedAt;
  }

  long needBytes() {
    return needBytes;
  }

  /** What this one will still take from the memory that is available now. */
  long pendingBytes() {
    return engine == null ? needBytes : 0;
  }

  int leases() {
    return leases;
  }

  long lastUse() {
    return lastUse;
  }

  boolean idle() {
    return engine != null && leases == 0;
  }
}
