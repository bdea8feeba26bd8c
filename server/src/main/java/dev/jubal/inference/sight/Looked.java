package dev.jubal.inference.sight;

import java.util.List;

/**
 * What the pictures of one request came to.
 *
 * @param eyes whether they are passed on as pictures
 * @param parts for each picture, in order, what takes its place: with eyes a data URL that holds
 *     the checked picture, without a text
 * @param tokens what they count for together
 */
public record Looked(boolean eyes, List<String> parts, long tokens) {
  /** Of a request without pictures. */
  public static final Looked NOTHING = new Looked(false, List.of(), 0);

  public Looked {
    parts = List.copyOf(parts);
  }
}
