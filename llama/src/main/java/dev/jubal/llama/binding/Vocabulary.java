package dev.jubal.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.Segment;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tokens of a model.
 *
 * <p>Thread-safe. The bytes of all tokens are read once at load (some 20 ms for 50,000), so the
 * decode loop turns tokens into text without calling the library.
 */
public final class Vocabulary {
  /** Bits of a token's attributes. */
  private static final int UNKNOWN = 1;

  private static final int CONTROL = 1 << 3;
  private static final int USER_DEFINED = 1 << 4;
  private static final int STRIPS_LEFT = 1 << 7;
  private static final int STRIPS_RIGHT = 1 << 8;

  /** No token. */
  public static final int NONE = -1;

  private final MemorySegment pointer;
  private final MethodHandle tokenize;
  private final int bos;
  private final byte[] bytes;
  private final int[] ends;
  private final BitSet endOfText = new BitSet();
  private final BitSet control = new BitSet();
  private final NamedTokens named;

  Vocabulary(Library library, MemorySegment pointer) {
    this.pointer = pointer;
    this.tokenize =
        library.llama(
            "llama_tokenize",
            FunctionDescriptor.of(
                JAVA_INT,
                ADDRESS,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                JAVA_INT,
                JAVA_BOOLEAN,
                JAVA_BOOLEAN));
    FunctionDescriptor flag = FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS);
    FunctionDescriptor test = FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, JAVA_INT);
    try {
      int count =
          (int)
              library
                  .llama("llama_vocab_n_tokens", FunctionDescriptor.of(JAVA_INT, ADDRESS))
                  .invokeExact(pointer);
      boolean adds = (boolean) library.llama("llama_vocab_get_add_bos", flag).invokeExact(pointer);
      int token0 =
          (int)
              library
                  .llama("llama_vocab_bos", FunctionDescriptor.of(JAVA_INT, ADDRESS))
                  .invokeExact(pointer);
      bos = adds ? token0 : NONE;
      MethodHandle ends = library.llama("llama_vocab_is_eog", test);
      MethodHandle controls = library.llama("llama_vocab_is_control", test);
      for (int token = 0; token < count; token++) {
        endOfText.set(token, (boolean) ends.invokeExact(pointer, token));
        control.set(token, (boolean) controls.invokeExact(pointer, token));
      }
      this.ends = new int[count];
      this.bytes = readPieces(library);
      this.named = readNamed(library);
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }

  private byte[] readPieces(Library library) throws Throwable {
    MethodHandle piece =
        library.llama(
            "llama_token_to_piece",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_BOOLEAN));
    byte[] all = new byte[ends.length * 8];
    int size = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(4096);
      for (int token = 0; token < ends.length; token++) {
        int length = (int) piece.invokeExact(pointer, token, buffer, 4096, 0, true);
        if (length < 0) {
          throw new EngineFailure(
              EngineFailure.Kind.LOAD_FAILED,
              "token " + token + " has " + -length + " bytes (expected: at most 4096)");
        }
        if (size + length > all.length) {
          all = Arrays.copyOf(all, Math.max(all.length * 2, size + length));
        }
        MemorySegment.copy(buffer, JAVA_BYTE, 0, all, size, length);
        size += length;
        ends[token] = size;
      }
    }
    return Arrays.copyOf(all, size);
  }

  private NamedTokens readNamed(Library library) throws Throwable {
    MethodHandle attributes =
        library.llama("llama_vocab_get_attr", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    NamedTokens names = new NamedTokens();
    for (int token = 0; token < ends.length; token++) {
      int attribute = (int) attributes.invokeExact(pointer, token);
      if ((attribute & (UNKNOWN | CONTROL | USER_DEFINED)) != 0) {
        names.add(
            new String(piece(token), StandardCharsets.UTF_8),
            token,
            (attribute & USER_DEFINED) == 0,
            (attribute & STRIPS_LEFT) != 0,
            (attribute & STRIPS_RIGHT) != 0);
      }
    }
    return names;
  }

  /** Number of tokens. */
  public int size() {
    return ends.length;
  }

  /** The token a prompt of this model begins with, or {@link #NONE}. */
  public int bos() {
    return bos;
  }

  /** Whether the token ends an answer. */
  public boolean endsText(int token) {
    return endOfText.get(token);
  }

  /** The tokens that end an answer. */
  public int[] ends() {
    return endOfText.stream().toArray();
  }

  /** Whether the token steers the model rather than being text. */
  public boolean isControl(int token) {
    return control.get(token);
  }

  /**
   * The bytes of a token, not always whole characters; control tokens give their name.
   *
   * @throws IllegalArgumentException if there is no such token
   */
  public byte[] piece(int token) {
    if (token < 0 || token >= ends.length) {
      throw new IllegalArgumentException(
          "token: " + token + " (expected: 0.." + (ends.length - 1) + ")");
    }
    return Arrays.copyOfRange(bytes, token == 0 ? 0 : ends[token - 1], ends[token]);
  }

  /**
   * The tokens of a prompt, without any that the model wants at begin or end: those of its whole
   * text, but that a name of a control token counts only where all of it is special.
   */
  public int[] tokenize(List<Segment> prompt) {
    StringBuilder joined = new StringBuilder();
    BitSet foreign = new BitSet();
    for (Segment segment : prompt) {
      int from = joined.length();
      joined.append(segment.text());
      foreign.set(from, joined.length(), !segment.special());
    }
    String text = joined.toString();
    IntStream.Builder tokens = IntStream.builder();
    int done = 0;
    for (NamedTokens.Found found : named.in(text, foreign)) {
      words(text.substring(done, found.from()), tokens);
      tokens.add(found.token());
      done = found.to();
    }
    words(text.substring(done), tokens);
    return tokens.build().toArray();
  }

  private void words(String text, IntStream.Builder tokens) {
    if (!text.isEmpty()) {
      for (int token : tokenize(text, false)) {
        tokens.add(token);
      }
    }
  }

  /**
   * The tokens of a text, without any that the model wants at begin or end.
   *
   * @param special whether names of control tokens in the text become those tokens
   */
  public int[] tokenize(String text, boolean special) {
    return tokenize(text.getBytes(StandardCharsets.UTF_8), special);
  }

  /**
   * The same for text that is bytes already.
   *
   * @param utf8 whole, valid characters: the library ends the process over anything else
   */
  public int[] tokenize(byte[] utf8, boolean special) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocate(Math.max(1, utf8.length));
      MemorySegment.copy(utf8, 0, in, JAVA_BYTE, 0, utf8.length);
      int room = utf8.length + 8;
      while (true) {
        MemorySegment out = arena.allocate(JAVA_INT, room);
        int count = (int) tokenize.invokeExact(pointer, in, utf8.length, out, room, false, special);
        if (count >= 0) {
          return out.asSlice(0, 4L * count).toArray(JAVA_INT);
        }
        if (count == Integer.MIN_VALUE) {
          throw new EngineFailure(
              EngineFailure.Kind.INTERNAL,
              "a text of " + utf8.length + " bytes has too many tokens");
        }
        room = -count;
      }
    } catch (Throwable t) {
      throw Library.unexpected(t);
    }
  }
}
