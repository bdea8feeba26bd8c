package dev.jubal.backend.onnx;

import dev.jubal.platform.json.Json;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The tokenizer of uncased BERT models: text is cleaned, lower-cased, stripped of accents and split
 * at spaces, punctuation and CJK characters; each word becomes the longest pieces the vocabulary
 * has, greedily. Source of the rules: the tokenizer.json beside the weights (BertNormalizer,
 * BertPreTokenizer, WordPiece). Immutable.
 */
final class WordPiece {
  private static final int LONGEST_WORD = 100;
  private static final String CONTINUED = "##";

  private final Map<String, Integer> vocabulary;
  private final List<String> special = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private final int unknown;
  private final int first;
  private final int last;

  private WordPiece(Map<String, Integer> vocabulary) {
    this.vocabulary = vocabulary;
    this.unknown = id("[UNK]");
    this.first = id("[CLS]");
    this.last = id("[SEP]");
  }

  /** Reads a tokenizer.json. */
  static WordPiece read(byte[] json) {
    JsonNode entries = Json.tree(json).path("model").path("vocab");
    Map<String, Integer> vocabulary = HashMap.newHashMap(entries.size());
    entries.properties().forEach(e -> vocabulary.put(e.getKey(), e.getValue().intValue()));
    return new WordPiece(vocabulary);
  }

  private int id(String token) {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new IllegalStateException("the vocabulary lacks " + token);
    }
    return id;
  }

  int size() {
    return vocabulary.size();
  }

  /** The ids a model reads for a text, its two marks included. */
  List<Integer> encode(String text) {
    List<Integer> ids = new ArrayList<>();
    ids.add(first);
    specials(text, ids);
    ids.add(last);
    return ids;
  }

  /** Ids a client made itself, with the two marks unless it made them too. */
  List<Integer> framed(List<Integer> ids) {
    if (ids.size() >= 2 && ids.getFirst() == first && ids.getLast() == last) {
      return ids;
    }
    List<Integer> framed = new ArrayList<>(ids.size() + 2);
    framed.add(first);
    framed.addAll(ids);
    framed.add(last);
    return framed;
  }

  /** Names of special tokens that stand in a text are these tokens, as in the original. */
  private void specials(String text, List<Integer> ids) {
    int from = 0;
    for (int at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) {
      for (String token : special) {
        if (text.startsWith(token, at)) {
          plain(text.substring(from, at), ids);
          ids.add(id(token));
          from = at + token.length();
          at = from - 1;
          break;
        }
      }
    }
    plain(text.substring(from), ids);
  }

  private void plain(String text, List<Integer> ids) {
    StringBuilder word = new StringBuilder();
    normal(text)
        .codePoints()
        .forEach(
            c -> {
              if (isSpace(c)) {
                flush(word, ids);
              } else if (isPunctuation(c)) {
                flush(word, ids);
                word.appendCodePoint(c);
                flush(word, ids);
              } else {
                word.appendCodePoint(c);
              }
            });
    flush(word, ids);
  }

  private void flush(StringBuilder word, List<Integer> ids) {
    if (!word.isEmpty()) {
      pieces(word.toString(), ids);
      word.setLength(0);
    }
  }

  private void pieces(String word, List<Integer> ids) {
    if (word.codePointCount(0, word.length()) > LONGEST_WORD) {
      ids.add(unknown);
      return;
    }
    int before = ids.size();
    int start = 0;
    while (start < word.length()) {
      int end = word.length();
      Integer found = null;
      while (end > start && found == null) {
        String piece = word.substring(start, end);
        found = vocabulary.get(start == 0 ? piece : CONTINUED + piece);
        end = found == null ? word.offsetByCodePoints(end, -1) : end;
      }
      if (found == null) {
        ids.subList(before, ids.size()).clear();
        ids.add(unknown);
        return;
      }
      ids.add(found);
      start = end;
    }
  }

  private static String normal(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isSpace(c)) {
                clean.append(' ');
              } else if (isIdeograph(c)) {
                clean.append(' ').appendCodePoint(c).append(' ');
              } else if (c != 0 && c != 0xFFFD && !isControl(c)) {
                clean.appendCodePoint(c);
              }
            });
    StringBuilder bare = new StringBuilder(clean.length());
    Normalizer.normalize(clean, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(bare::appendCodePoint);
    return lower(bare);
  }

  /** Character by character: the final sigma of a word has no rule of its own here. */
  private static String lower(CharSequence text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.append(Character.toString(c).toLowerCase(Locale.ROOT)));
    return out.toString();
  }

  private static boolean isSpace(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || Character.isSpaceChar(c)
        || c == 0x0B
        || c == 0x0C
        || c == 0x85;
  }

  private static boolean isControl(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.PRIVATE_USE
        || type == Character.SURROGATE;
  }

  private static boolean isPunctuation(int c) {
    if ((c >= 33 && c <= 47)
        || (c >= 58 && c <= 64)
        || (c >= 91 && c <= 96)
        || (c >= 123 && c <= 126)) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** The blocks the original counts, which leave out kana and hangul. */
  private static boolean isIdeograph(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}
