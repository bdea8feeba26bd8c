package dev.jubal.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jubal.llama.EngineFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The loaded shared libraries: symbols, devices, log.
 *
 * <p>Thread-safe. Libraries stay loaded until the process ends, since their threads may outlive any
 * user; opening the same folder again is cheap. A library of another version is refused before any
 * struct crosses the border.
 */
// Restricted methods are what this class is for: it is the one place that links native code.
@SuppressWarnings("restricted")
public final class Library {
  /** The one version of llama.cpp whose structs this binding knows. */
  public static final String VERSION = "0.5.0-dev";

  private static final int DEFAULT_CONTEXT = 512;
  private static final int DEFAULT_BATCH = 2048;
  private static final int DEVICE_CPU = 0;
  private static final int DEVICE_GPU = 1;
  private static final int DEVICE_INTEGRATED_GPU = 2;
  private static final Object OPENING = new Object();

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup llama;
  private final SymbolLookup ggml;
  private final SymbolLookup base;
  private final LibraryLog log;

  private Library(SymbolLookup llama, SymbolLookup ggml, SymbolLookup base, LibraryLog log) {
    this.llama = llama;
    this.ggml = ggml;
    this.base = base;
    this.log = log;
  }

  /**
   * Opens the libraries of a folder and checks that they are the version this binding knows.
   *
   * @param listener gets each line the library logs, from any thread
   * @throws EngineFailure LOAD_FAILED if they are absent, cannot be linked or are another version
   */
  public static Library open(Path folder, Consumer<String> listener) {
    LibraryFiles files = new LibraryFiles(folder);
    // Back ends register in process-wide lists of the library, which must not happen twice.
    synchronized (OPENING) {
      SymbolLookup base = lookup(files.find("ggml-base"));
      SymbolLookup ggml = lookup(files.find("ggml"));
      SymbolLookup llama = lookup(files.find("llama"));
      Library library = new Library(llama, ggml, base, new LibraryLog(listener));
      library.guardVersion();
      library.listen();
      library.start(folder);
      library.guardDefaults();
      return library;
    }
  }

  private static SymbolLookup lookup(Path file) {
    try {
      return SymbolLookup.libraryLookup(file.toAbsolutePath(), Arena.global());
    } catch (IllegalArgumentException e) {
      throw new EngineFailure(
          EngineFailure.Kind.LOAD_FAILED,
          "library " + file + " cannot be linked: " + e.getMessage());
    }
  }

  private void guardVersion() {
    String found;
    try {
      found = text((MemorySegment) llama("llama_version", FunctionDescriptor.of(ADDRESS)).invoke());
    } catch (EngineFailure e) {
      found = "none (no llama_version)";
    } catch (Throwable t) {
      throw unexpected(t);
    }
    if (!found.equals(VERSION)) {
      throw new EngineFailure(
          EngineFailure.Kind.LOAD_FAILED,
          "libllama version " + found + " (expected: " + VERSION + ")");
    }
  }

  private void guardDefaults() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = contextDefaults(arena);
      int context = Layouts.get(params, Layouts.CONTEXT_PARAMS, "n_ctx");
      int batch = Layouts.get(params, Layouts.CONTEXT_PARAMS, "n_batch");
      if (context != DEFAULT_CONTEXT || batch != DEFAULT_BATCH) {
        String found = "n_ctx " + context + ", n_batch " + batch;
        throw new EngineFailure(
            EngineFailure.Kind.LOAD_FAILED,
            "libllama has another binary layout: default "
                + found
                + (" (expected: n_ctx " + DEFAULT_CONTEXT + ", n_batch " + DEFAULT_BATCH + ")"));
      }
    }
  }

  private void listen() {
    FunctionDescriptor callback = FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS);
    try {
      MethodHandle write =
          MethodHandles.lookup()
              .bind(
                  log,
                  "write",
                  MethodType.methodType(
                      void.class, int.class, MemorySegment.class, MemorySegment.class));
      MemorySegment stub = linker.upcallStub(write, callback, Arena.global());
      llama("llama_log_set", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS))
          .invoke(stub, MemorySegment.NULL);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private void start(Path folder) {
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle count = ggml("ggml_backend_reg_count", FunctionDescriptor.of(JAVA_LONG));
      if ((long) count.invoke() > 0) {
        return;
      }
      ggml("ggml_backend_load_all_from_path", FunctionDescriptor.ofVoid(ADDRESS))
          .invoke(arena.allocateFrom(folder.toAbsolutePath().toString()));
      llama("llama_backend_init", FunctionDescriptor.ofVoid()).invoke();
      if ((long) count.invoke() == 0) {
        throw new EngineFailure(
            EngineFailure.Kind.LOAD_FAILED,
            "library folder " + folder + " holds no back end for this processor: " + log.reason());
      }
    } catch (EngineFailure e) {
      throw e;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** What this library can compute on. */
  public List<Device> devices() {
    List<Device> devices = new ArrayList<>();
    try {
      MethodHandle name = base("ggml_backend_dev_name", FunctionDescriptor.of(ADDRESS, ADDRESS));
      MethodHandle type = base("ggml_backend_dev_type", FunctionDescriptor.of(JAVA_INT, ADDRESS));
      MethodHandle get = ggml("ggml_backend_dev_get", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
      long count = (long) ggml("ggml_backend_dev_count", FunctionDescriptor.of(JAVA_LONG)).invoke();
      for (long i = 0; i < count; i++) {
        MemorySegment device = (MemorySegment) get.invoke(i);
        int kind = (int) type.invoke(device);
        devices.add(
            new Device(
                text((MemorySegment) name.invoke(device)),
                kind == DEVICE_GPU || kind == DEVICE_INTEGRATED_GPU));
      }
      return devices;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** A function that the CPU back end keeps behind its registry: it is not an exported symbol. */
  MethodHandle cpu(String name, FunctionDescriptor type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment device =
          (MemorySegment)
              ggml("ggml_backend_dev_by_type", FunctionDescriptor.of(ADDRESS, JAVA_INT))
                  .invoke(DEVICE_CPU);
      MemorySegment registry =
          (MemorySegment)
              base("ggml_backend_dev_backend_reg", FunctionDescriptor.of(ADDRESS, ADDRESS))
                  .invoke(device);
      MemorySegment address =
          (MemorySegment)
              base(
                      "ggml_backend_reg_get_proc_address",
                      FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS))
                  .invoke(registry, arena.allocateFrom(name));
      if (address.address() == 0) {
        throw missing(name);
      }
      return linker.downcallHandle(address, type);
    } catch (EngineFailure e) {
      throw e;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  MethodHandle llama(String name, FunctionDescriptor type) {
    return handle(llama, name, type);
  }

  MethodHandle ggml(String name, FunctionDescriptor type) {
    return handle(ggml, name, type);
  }

  MethodHandle base(String name, FunctionDescriptor type) {
    return handle(base, name, type);
  }

  private MethodHandle handle(SymbolLookup lookup, String name, FunctionDescriptor type) {
    MemorySegment symbol = lookup.find(name).orElseThrow(() -> missing(name));
    return linker.downcallHandle(symbol, type);
  }

  private static EngineFailure missing(String name) {
    return new EngineFailure(
        EngineFailure.Kind.LOAD_FAILED,
        "libllama lacks " + name + " (expected: version " + VERSION + ")");
  }

  MemorySegment contextDefaults(Arena arena) {
    FunctionDescriptor type = FunctionDescriptor.of(Layouts.CONTEXT_PARAMS);
    try {
      return (MemorySegment)
          llama("llama_context_default_params", type).invoke((SegmentAllocator) arena);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  LibraryLog log() {
    return log;
  }

  /** A C string, empty for a null pointer. */
  static String text(MemorySegment pointer) {
    return pointer.address() == 0 ? "" : pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** A downcall declares Throwable but throws only if its types are wrong, which is our mistake. */
  static RuntimeException unexpected(Throwable t) {
    if (t instanceof RuntimeException e) {
      return e;
    }
    if (t instanceof Error e) {
      throw e;
    }
    return new IllegalStateException(t);
  }
}
