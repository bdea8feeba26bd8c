package dev.jubal.bench.micro;

import dev.jubal.api.DeltaSample;
import dev.jubal.api.Encoder;
import dev.jubal.api.chat.ChatSample;
import dev.jubal.api.completions.CompletionsSample;
import dev.jubal.api.messages.MessagesSample;
import dev.jubal.api.responses.ResponsesSample;
import dev.jubal.api.xaigrpc.GrpcSample;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.http.EventStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One text delta as each dialect sends it, from the event to the bytes. The encoders that keep the
 * text of an answer are made anew for each iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DialectBenchmark {
  private Encoder chat = ChatSample.encoder();
  private Encoder completions = CompletionsSample.encoder();
  private Encoder responses = ResponsesSample.encoder();
  private Encoder messages = MessagesSample.encoder(new NoVault());
  private GrpcSample grpc = new GrpcSample();
  private byte @Nullable [] last;
  private final EventStream out = (name, data) -> last = data;

  /** Answers that have begun. */
  @Setup(Level.Iteration)
  public void begin() {
    chat = ChatSample.encoder();
    completions = CompletionsSample.encoder();
    responses = ResponsesSample.encoder();
    messages = MessagesSample.encoder(new NoVault());
    grpc = new GrpcSample();
    DeltaSample.HEAD.forEach(
        event -> {
          chat.stream(event, out);
          completions.stream(event, out);
          responses.stream(event, out);
          messages.stream(event, out);
          grpc.stream(event, this::take);
        });
  }

  private void take(byte[] data) {
    last = data;
  }

  @Benchmark
  public byte @Nullable [] chat() {
    chat.stream(DeltaSample.TEXT, out);
    return last;
  }

  @Benchmark
  public byte @Nullable [] completions() {
    completions.stream(DeltaSample.TEXT, out);
    return last;
  }

  @Benchmark
  public byte @Nullable [] responses() {
    responses.stream(DeltaSample.TEXT, out);
    return last;
  }

  @Benchmark
  public byte @Nullable [] messages() {
    messages.stream(DeltaSample.TEXT, out);
    return last;
  }

  @Benchmark
  public byte @Nullable [] grpc() {
    grpc.stream(DeltaSample.TEXT, this::take);
    return last;
  }

  /** Text is never sealed. */
  private static final class NoVault implements Vault {
    @Override
    public byte[] seal(String team, String context, byte[] clear) {
      return clear;
    }

    @Override
    public byte[] open(String team, String context, byte[] sealed) {
      return sealed;
    }
  }
}
