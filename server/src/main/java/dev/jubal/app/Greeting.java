package dev.jubal.app;

import java.io.PrintWriter;
import java.util.Optional;

/**
 * What a server says once it listens: where, with which key, a line that works when pasted, and
 * what stands behind the Grok names.
 *
 * @param behind the backend's name of the weights
 */
record Greeting(String url, String behind, boolean aliases) {
  private static final String MODEL = "grok-4-fast-non-reasoning";

  void print(PrintWriter out, Optional<String> firstKey) {
    out.println("Jubal listens on " + url + "/v1");
    out.println(
        aliases
            ? "The Grok names are answered by " + behind + " (GET /v1/models says so for each)."
            : "The Grok names are off; models answer under their own names.");
    firstKey.ifPresentOrElse(key -> first(out, key), () -> later(out));
    out.println();
    out.println("  curl " + url + "/v1/chat/completions \\");
    out.println(
        "    -H \"Authorization: Bearer $XAI_API_KEY\" -H \"Content-Type: application/json\" \\");
    out.println(
        "    -d '{\"model\":\""
            + model()
            + "\",\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of"
            + " France?\"}]}'");
    out.println();
    out.flush();
  }

  private String model() {
    return aliases ? MODEL : behind.substring(behind.indexOf('/') + 1);
  }

  private static void first(PrintWriter out, String key) {
    out.println("The first key, shown this once and stored only as a hash:");
    out.println();
    out.println("  export XAI_API_KEY=" + key);
  }

  private static void later(PrintWriter out) {
    out.println("Keys were made before; another one: ./jubal key create NAME");
  }
}
