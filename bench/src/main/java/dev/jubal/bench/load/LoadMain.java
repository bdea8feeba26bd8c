package dev.jubal.bench.load;

import dev.jubal.platform.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The process of the load generator: one order a line in, one result a line out, until the input
 * ends.
 */
public final class LoadMain {
  private LoadMain() {}

  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    while (line != null) {
      LoadOrder order = Json.mapper().readValue(line, LoadOrder.class);
      System.out.println(Json.string(LoadRun.of(order)));
      System.out.flush();
      line = in.readLine();
    }
  }
}
