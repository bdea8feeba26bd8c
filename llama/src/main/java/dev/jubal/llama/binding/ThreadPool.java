package dev.jubal.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;

/**
 * The threads a context computes with. Without one attached the library makes new threads at each
 * step, which on busy cores costs five sixths of the speed.
 */
final class ThreadPool implements AutoCloseable {
  private final MemorySegment pointer;
  private final MethodHandle free;

  ThreadPool(Library library, int threads) {
    free = library.cpu("ggml_threadpool_free", FunctionDescriptor.ofVoid(ADDRESS));
    MethodHandle defaults =
        library.base(
            "ggml_threadpool_params_default",
            FunctionDescriptor.of(Layouts.THREADPOOL_PARAMS, JAVA_INT));
    MethodHandle create =
        library.cpu("ggml_threadpool_new", FunctionDescriptor.of(ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = (MemorySegment) defaults.invoke((SegmentAllocator) arena, threads);
      pointer = (MemorySegment) create.invokeExact(params);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  void attach(Library library, MemorySegment context) {
    try {
      library
          .llama("llama_attach_threadpool", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS))
          .invokeExact(context, pointer, MemorySegment.NULL);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  @Override
  public void close() {
    try {
      free.invokeExact(pointer);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }
}
