package dev.jubal.llama.host;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines of this machine: loads a model on first use, unloads the least recently used idle one
 * when memory or {@link HostLimits#maxLoaded} demands it.
 *
 * <p>The options are the key: the same file with other options is another engine. Thread-safe. Each
 * model loads on a thread of its own, all who ask for it wait for that one load, and nobody else
 * does. One lock guards the table and is never held while loading, unloading or asking an engine.
 */
public final class EngineHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineHost.class);

  private final HostLimits limits;
  private final Function<EngineOptions, Engine> opener;
  private final Memory.Gauge gauge;
  private final Object lock = new Object();
  private final Map<EngineOptions, Loading> models = new LinkedHashMap<>();
  private final ReentrantLock makingRoom = new ReentrantLock(); // two loads never count one gap
  private boolean closed;

  /**
   * A host without models.
   *
   * @param opener loads a model, in this process or in a worker; throws {@link EngineFailure}
   */
  public EngineHost(HostLimits limits, Function<EngineOptions, Engine> opener, Memory.Gauge gauge) {
    this.limits = limits;
    this.opener = opener;
    this.gauge = gauge;
  }

  /**
   * Gives the engine of a model, loading it first if need be. Blocks until it is loaded.
   *
   * @throws EngineFailure {@code LOAD_FAILED} with the reason, or with what is needed and what is
   *     available; {@code OVERLOADED} if all that may be loaded is in use; {@code CLOSED}
   */
  public Lease use(EngineOptions options) {
    Loading model;
    boolean first = false;
    synchronized (lock) {
      if (closed) {
        throw closedFailure();
      }
      model = models.get(options);
      if (model == null || forgotten(model)) {
        model = new Loading(options);
        models.put(options, model);
        first = true;
      }
      model.use(System.nanoTime());
    }
    if (first) {
      Loading mine = model;
      Thread.ofPlatform().daemon().name("engine-load").start(() -> load(mine));
    }
    return await(model);
  }

  /** Unloads a model; false if it is not loaded, or in use. */
  public boolean unload(EngineOptions options) {
    Loading model;
    synchronized (lock) {
      model = models.get(options);
      if (model == null || !model.idle()) {
        return false;
      }
      models.remove(options);
    }
    close(model);
    return true;
  }

  /** What is loaded now. */
  public List<LoadedModel> loaded() {
    List<Supplier<LoadedModel>> loaded = new ArrayList<>();
    synchronized (lock) {
      for (Loading model : models.values()) {
        Engine engine = model.engine();
        int leases = model.leases();
        if (engine != null) {
          loaded.add(() -> new LoadedModel(model.options(), engine.info(), engine.stats(), leases));
        }
      }
    }
    return loaded.stream().map(Supplier::get).toList(); // asks the engines, without the lock
  }

  @Override
  public void close() {
    List<Loading> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(models.values());
      models.clear();
    }
    all.forEach(this::close);
  }

  private Lease await(Loading model) {
    try {
      return new Lease(model.ready().get(), () -> release(model));
    } catch (ExecutionException e) {
      release(model);
      throw e.getCause() instanceof EngineFailure failure
          ? new EngineFailure(failure.kind(), String.valueOf(failure.getMessage()))
          : new EngineFailure(Kind.INTERNAL, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      release(model);
      throw new EngineFailure(Kind.INTERNAL, "interrupted while the model was loading");
    }
  }

  private void release(Loading model) {
    synchronized (lock) {
      model.release(System.nanoTime());
    }
  }

  // Called with the lock held.
  private boolean forgotten(Loading model) {
    return model.failure() != null
        && System.nanoTime() - model.failedAt() > limits.failureMemory().toNanos();
  }

  private void load(Loading model) {
    boolean tried = false;
    try {
      MemoryNeed need = MemoryNeed.of(model.options());
      makeRoom(model, need);
      tried = true;
      long start = System.nanoTime();
      Engine engine = opener.apply(model.options());
      if (!arrived(model, engine)) {
        engine.close();
        throw closedFailure();
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      LOG.info("loaded {} in {} ms, estimated {}", model.options().model(), millis, need);
      model.ready().complete(engine);
    } catch (EngineFailure failure) {
      fail(model, failure, tried);
    } catch (RuntimeException | LinkageError e) {
      LOG.error("loading {}", model.options().model(), e);
      fail(model, new EngineFailure(Kind.LOAD_FAILED, model.options().model() + ": " + e), tried);
    }
  }

  private boolean arrived(Loading model, Engine engine) {
    synchronized (lock) {
      if (!closed) {
        model.loaded(engine);
      }
      return !closed;
    }
  }

  // A refusal before the load costs nothing and may not hold a moment later: not remembered.
  private void fail(Loading model, EngineFailure failure, boolean remember) {
    LOG.warn("not loaded: {}", failure.getMessage());
    synchronized (lock) {
      model.failed(failure, System.nanoTime());
      if (!remember) {
        models.remove(model.options(), model);
      }
    }
    model.ready().completeExceptionally(failure);
  }

  private void makeRoom(Loading model, MemoryNeed need) {
    makingRoom.lock();
    try {
      Optional<Loading> victim = reserveOrChoose(model, need);
      while (victim.isPresent()) {
        LOG.info("unloading {} for {}", victim.get().options().model(), model.options().model());
        close(victim.get());
        victim = reserveOrChoose(model, need);
      }
    } finally {
      makingRoom.unlock();
    }
  }

  /** Reserves the memory, or takes an idle model out of the table to be closed for it. */
  private Optional<Loading> reserveOrChoose(Loading model, MemoryNeed need) {
    Memory memory = gauge.now();
    synchronized (lock) {
      List<Loading> present =
          models.values().stream()
              .filter(other -> other != model && other.needBytes() > 0)
              .toList();
      List<Loading> idle =
          present.stream()
              .filter(Loading::idle)
              .sorted(Comparator.comparingLong(Loading::lastUse))
              .toList();
      long room = room(memory, present);
      if (present.size() < limits.maxLoaded() && need.bytes() <= room) {
        model.reserve(need.bytes());
        return Optional.empty();
      }
      long most = room + idle.stream().mapToLong(Loading::needBytes).sum();
      if (need.bytes() > most) {
        throw noMemory(model, need, most);
      }
      if (idle.isEmpty()) {
        throw noPlace(model);
      }
      models.remove(idle.getFirst().options());
      return Optional.of(idle.getFirst());
    }
  }

  // Mapped weights count as available to the kernel although they are in use; so what is loaded is
  // also subtracted from the total, and the smaller figure holds.
  private long room(Memory memory, List<Loading> present) {
    long pending = present.stream().mapToLong(Loading::pendingBytes).sum();
    long taken = present.stream().mapToLong(Loading::needBytes).sum();
    long room = Math.min(memory.availableBytes() - pending, memory.totalBytes() - taken);
    return Math.max(0, room - limits.keepFreeBytes());
  }

  private void close(Loading model) {
    Engine engine;
    synchronized (lock) {
      engine = model.engine();
    }
    if (engine != null) {
      engine.close();
    }
  }

  private static EngineFailure noMemory(Loading model, MemoryNeed need, long available) {
    String message =
        "%s needs %s of memory, %s are available"
            .formatted(model.options().model().getFileName(), need, MemoryNeed.size(available));
    return new EngineFailure(Kind.LOAD_FAILED, message);
  }

  private EngineFailure noPlace(Loading model) {
    String message =
        "%s has to wait: %d models may be loaded and all are in use"
            .formatted(model.options().model().getFileName(), limits.maxLoaded());
    return new EngineFailure(Kind.OVERLOADED, message);
  }

  private static EngineFailure closedFailure() {
    return new EngineFailure(Kind.CLOSED, "the engines were closed");
  }
}
