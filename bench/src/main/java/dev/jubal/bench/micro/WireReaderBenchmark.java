package dev.jubal.bench.micro;

import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.WireReader;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A chat body of 150 KB, from bytes to checked records. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WireReaderBenchmark {
  private static final int MESSAGES = 10;
  private static final int WORDS = 333;
  private static final String FOX = "The quick brown fox jumps over the lazy dog. ";

  private final byte[] body =
      Json.bytes(
          new Chat(
              "grok-4",
              IntStream.range(0, MESSAGES)
                  .mapToObj(i -> new Turn(i % 2 == 0 ? "user" : "assistant", FOX.repeat(WORDS)))
                  .toList(),
              true));

  /** The body's record, as a dialect would declare it. */
  public record Chat(
      @Field(required = true) String model,
      @Field(required = true, min = 1) List<Turn> messages,
      @Nullable Boolean stream) {}

  /** One message. */
  public record Turn(@Field(required = true) String role, @Field(required = true) String content) {}

  @Benchmark
  public Object body150kb() {
    return WireReader.read(body, Chat.class);
  }
}
