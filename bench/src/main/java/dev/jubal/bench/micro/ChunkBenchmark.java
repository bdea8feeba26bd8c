package dev.jubal.bench.micro;

import dev.jubal.api.chat.ChunkSample;
import dev.jubal.platform.json.Json;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The JSON of one streamed delta. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkBenchmark {
  private final Object chunk = ChunkSample.delta();

  @Benchmark
  public byte[] delta() {
    return Json.bytes(chunk);
  }
}
