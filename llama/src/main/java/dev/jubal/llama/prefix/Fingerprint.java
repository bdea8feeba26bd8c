package dev.jubal.llama.prefix;

import dev.jubal.llama.EngineOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;

/** What the memory of a sequence depends on: its bytes mean nothing to any other engine. */
final class Fingerprint {
  private static final int HEAD = 1 << 20;

  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Model, library, device, and the size of a slot: 32 bytes. */
  static byte[] of(EngineOptions options, int contextTokens) throws IOException {
    Fingerprint of = new Fingerprint();
    of.text(options.device());
    of.number(contextTokens);
    of.file(options.model());
    try (InputStream in = Files.newInputStream(options.model())) {
      of.digest.update(in.readNBytes(HEAD));
    }
    try (Stream<Path> files = Files.list(options.library())) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      for (Path file : all) {
        of.file(file);
      }
    }
    return of.digest.digest();
  }

  /** A name for some tokens that tells nothing about them. */
  static byte[] of(int[] tokens) {
    Fingerprint of = new Fingerprint();
    for (int token : tokens) {
      of.number(token);
    }
    return of.digest.digest();
  }

  private void file(Path file) throws IOException {
    text(String.valueOf(file.getFileName()));
    number(Files.size(file));
    number(Files.getLastModifiedTime(file).toMillis());
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
  }

  private void number(long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
  }
}
