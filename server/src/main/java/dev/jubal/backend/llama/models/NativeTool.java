package dev.jubal.backend.llama.models;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.binding.Library;
import dev.jubal.llama.binding.Quantizer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The program of {@link NativeProcess}: {@code probe LIBRARY} or {@code requantize ...}. */
final class NativeTool {
  private NativeTool() {}

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<String> words = List.of(arguments);
    try {
      Library library = Library.open(Path.of(words.get(1)), line -> {});
      if (words.getFirst().equals("requantize")) {
        new Quantizer(library)
            .requantize(Path.of(words.get(2)), Path.of(words.get(3)), Quantizer.IQ4_NL);
      } else {
        library.devices().forEach(device -> out.println(device.name()));
      }
    } catch (EngineFailure e) {
      out.println(e.getMessage());
      System.exit(1);
    }
  }
}
