package dev.jubal.llama.constraint;

import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Compiled forms by the hash of their text. A form in the making is a future in the map, so nobody
 * holds the lock while compiling and nobody compiles what another is compiling; refusals are kept
 * like results.
 */
final class FormCache {
  private static final long MOST_BYTES = 64 << 20;
  private static final int MOST_FORMS = 2000;

  private final Map<String, CompletableFuture<CompiledForm>> forms =
      new LinkedHashMap<>(64, 0.75f, true);

  CompiledForm get(OutputForm form, Supplier<CompiledForm> making) {
    String key = hash(form.toString());
    CompletableFuture<CompiledForm> made = new CompletableFuture<>();
    CompletableFuture<CompiledForm> known;
    synchronized (forms) {
      known = forms.putIfAbsent(key, made);
    }
    if (known != null) {
      try {
        return known.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof FormRefusal refusal ? refusal : e;
      }
    }
    try {
      CompiledForm compiled = making.get();
      made.complete(compiled);
      evict();
      return compiled;
    } catch (FormRefusal e) {
      made.completeExceptionally(e);
      throw e;
    } catch (RuntimeException | Error e) {
      made.completeExceptionally(e);
      synchronized (forms) {
        forms.remove(key);
      }
      throw e;
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void evict() {
    synchronized (forms) {
      long bytes = 0;
      for (CompletableFuture<CompiledForm> form : forms.values()) {
        bytes += bytes(form);
      }
      Iterator<CompletableFuture<CompiledForm>> eldest = forms.values().iterator();
      while (eldest.hasNext() && (bytes > MOST_BYTES || forms.size() > MOST_FORMS)) {
        CompletableFuture<CompiledForm> form = eldest.next();
        if (form.isDone()) {
          bytes -= bytes(form);
          eldest.remove();
        }
      }
    }
  }

  private static long bytes(CompletableFuture<CompiledForm> form) {
    return form.isDone() && !form.isCompletedExceptionally() ? form.join().bytes() : 0;
  }
}
