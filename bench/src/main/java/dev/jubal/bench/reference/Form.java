package dev.jubal.bench.reference;

import java.util.List;
import java.util.OptionalInt;

/**
 * A form the weights can be written in, by the library's numbers.
 *
 * @param name as the tables call it
 * @param fileType of the whole
 * @param embedding tensor type of the token embeddings, where it is not the library's choice
 */
record Form(String name, int fileType, OptionalInt embedding) {
  private static final int TENSOR_Q4_0 = 2;
  private static final int TENSOR_Q5_0 = 6;

  /** All that are worth a look for a file of 4 bits, small ones first. */
  static final List<Form> ALL =
      List.of(
          new Form("Q4_0, embeddings Q4_0", 2, OptionalInt.of(TENSOR_Q4_0)),
          new Form("Q4_0, embeddings Q5_0", 2, OptionalInt.of(TENSOR_Q5_0)),
          new Form("Q4_0", 2, OptionalInt.empty()),
          new Form("IQ4_NL", 25, OptionalInt.empty()),
          new Form("Q4_K_M", 15, OptionalInt.empty()),
          new Form("Q5_0", 8, OptionalInt.empty()),
          new Form("Q5_1", 9, OptionalInt.empty()),
          new Form("Q6_K", 18, OptionalInt.empty()),
          new Form("Q8_0", 7, OptionalInt.empty()));

  /** Those a quick run tries. */
  static final List<Form> FEW =
      ALL.stream().filter(f -> f.name().equals("Q4_0") || f.name().equals("Q8_0")).toList();

  /** The form of a name, such as Q4_0. */
  static Form named(String name) {
    return ALL.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "form: \""
                        + name
                        + "\" (expected: one of "
                        + ALL.stream().map(Form::name).toList()
                        + ")."));
  }

  String fileName() {
    return name.replace(", ", "-").replace(' ', '-') + ".gguf";
  }
}
