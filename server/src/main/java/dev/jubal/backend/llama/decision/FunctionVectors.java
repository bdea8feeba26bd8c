package dev.jubal.backend.llama.decision;

import dev.jubal.inference.Tools;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The vectors of functions, kept, as the same ones come with every request of an application. */
final class FunctionVectors {
  /** 1.5 KB each. */
  private static final int MOST = 4096;

  private static final int LONGEST = 600;

  private final TextVectors vectors;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, float[]> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
          return size() > MOST;
        }
      };

  FunctionVectors(TextVectors vectors) {
    this.vectors = vectors;
  }

  List<float[]> of(List<Tools.Function> functions) {
    List<String> texts = functions.stream().map(FunctionVectors::text).toList();
    List<String> missing = new ArrayList<>();
    Map<String, float[]> found = new LinkedHashMap<>();
    lock.lock();
    try {
      for (String text : texts) {
        float[] vector = known.get(text);
        if (vector != null) {
          found.put(text, vector);
        } else if (!missing.contains(text)) {
          missing.add(text);
        }
      }
    } finally {
      lock.unlock();
    }
    if (!missing.isEmpty()) {
      learn(missing, found);
    }
    return texts.stream().map(found::get).toList();
  }

  private void learn(List<String> missing, Map<String, float[]> found) {
    List<float[]> made = vectors.of(missing);
    lock.lock();
    try {
      for (int i = 0; i < missing.size(); i++) {
        known.put(missing.get(i), made.get(i));
        found.put(missing.get(i), made.get(i));
      }
    } finally {
      lock.unlock();
    }
  }

  /** What a function is for: its description, or else the words of its name. */
  private static String text(Tools.Function function) {
    String text =
        function.description().isBlank()
            ? function.name().replaceAll("[_.-]+", " ").strip()
            : function.description().strip();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
