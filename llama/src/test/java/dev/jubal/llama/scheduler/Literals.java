package dev.jubal.llama.scheduler;

import dev.jubal.llama.binding.Vocabulary;
import dev.jubal.llama.constraint.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A form for tests: the answer is one of some texts. Slow and plain. */
final class Literals implements Matcher {
  private final Vocabulary vocabulary;
  private final List<byte[]> texts;
  private byte[] said;

  Literals(Vocabulary vocabulary, List<String> texts) {
    this(
        vocabulary,
        texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList(),
        new byte[0]);
  }

  private Literals(Vocabulary vocabulary, List<byte[]> texts, byte[] said) {
    this.vocabulary = vocabulary;
    this.texts = texts;
    this.said = said;
  }

  @Override
  public boolean advance(int token) {
    if (vocabulary.endsText(token)) {
      return mayEnd();
    }
    byte[] piece = vocabulary.piece(token);
    byte[] next = Arrays.copyOf(said, said.length + piece.length);
    System.arraycopy(piece, 0, next, said.length, piece.length);
    if (vocabulary.isControl(token) || piece.length == 0 || !begins(next)) {
      return false;
    }
    said = next;
    return true;
  }

  private boolean begins(byte[] next) {
    return texts.stream().anyMatch(t -> commonLength(t, next) == next.length);
  }

  private static int commonLength(byte[] a, byte[] b) {
    int differs = Arrays.mismatch(a, b);
    return differs < 0 ? a.length : differs;
  }

  @Override
  public boolean mayEnd() {
    return texts.stream().anyMatch(t -> Arrays.equals(t, said));
  }

  @Override
  public boolean complete() {
    return mayEnd() && forced().length == 0 && possible().size() == 1;
  }

  private List<byte[]> possible() {
    return texts.stream().filter(t -> commonLength(t, said) == said.length).toList();
  }

  @Override
  public long[] mask() {
    long[] mask = new long[(vocabulary.size() + 63) / 64];
    for (int token = 0; token < vocabulary.size(); token++) {
      if (copy().advance(token)) {
        mask[token >> 6] |= 1L << token;
      }
    }
    return mask;
  }

  @Override
  public byte[] forced() {
    if (mayEnd()) {
      return new byte[0];
    }
    List<byte[]> possible = possible();
    int common = possible.getFirst().length;
    for (byte[] text : possible) {
      common = Math.min(common, commonLength(text, possible.getFirst()));
    }
    return Arrays.copyOfRange(possible.getFirst(), said.length, common);
  }

  @Override
  public byte[] shortest() {
    List<byte[]> possible = possible();
    byte[] least = possible.getFirst();
    for (byte[] text : possible) {
      least = text.length < least.length ? text : least;
    }
    return Arrays.copyOfRange(least, said.length, least.length);
  }

  @Override
  public Literals copy() {
    return new Literals(vocabulary, texts, said);
  }
}
