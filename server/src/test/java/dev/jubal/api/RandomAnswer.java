package dev.jubal.api;

import dev.jubal.platform.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A random script and the parameters of a request for it, the same for the same seed. */
final class RandomAnswer {
  private static final String[] TEXTS = {
    "Hel",
    "lo",
    " ",
    "",
    "wörld",
    "🙂",
    "\n",
    "\"",
    "data: x\n\n",
    "END",
    "a END b",
    "\u0000",
    "\u2028"
  };

  private final Random random;
  private final int choices;
  private final Calling calling;

  /** What an answer holds beside text. */
  enum Calling {
    /** Nothing. */
    NONE,
    /** Calls, all of them whole. */
    WHOLE,
    /** Calls, of which the last may be cut. */
    CUT
  }

  /**
   * An answer.
   *
   * @param most most choices
   */
  RandomAnswer(long seed, int most, Calling calling) {
    this.random = new Random(seed);
    this.calling = calling;
    this.choices = 1 + random.nextInt(most);
  }

  /** Whether a call may be cut, by length among others. */
  boolean mayCut() {
    return calling != Calling.WHOLE;
  }

  int choices() {
    return choices;
  }

  boolean coin() {
    return random.nextBoolean();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  String script() {
    List<Map<String, Object>> steps = new ArrayList<>();
    int length = random.nextInt(20);
    for (int i = 0; i < length; i++) {
      steps.add(step());
    }
    Map<String, Object> answer =
        Map.of(
            "prompt_tokens",
            5 + random.nextInt(100),
            "cached_tokens",
            random.nextInt(5),
            "steps",
            steps);
    return Json.string(Map.of("answers", List.of(answer)));
  }

  private Map<String, Object> step() {
    Map<String, Object> step = new HashMap<>();
    if (random.nextInt(8) == 0) {
      step.put("finish", coin() ? "stop" : "length");
    } else if (calling != Calling.NONE && coin()) {
      step.put("call", call());
    } else if (random.nextInt(4) == 0) {
      step.put("reasoning", TEXTS[random.nextInt(TEXTS.length)]);
    } else {
      step.put("text", TEXTS[random.nextInt(TEXTS.length)]);
      if (coin()) {
        step.put("logprobs", logprobs());
      }
    }
    if (random.nextInt(3) > 0) {
      step.put("choice", random.nextInt(choices));
    }
    return step;
  }

  private Map<String, Object> call() {
    Map<String, Object> call = new HashMap<>();
    call.put("name", "f" + random.nextInt(3));
    call.put("arguments", Json.string(Map.of("a", TEXTS[random.nextInt(TEXTS.length)])));
    call.put("split", 1 + random.nextInt(6));
    call.put("seed", random.nextInt());
    call.put("cut", calling == Calling.CUT && random.nextInt(4) == 0);
    return call;
  }

  private List<Map<String, Object>> logprobs() {
    List<Map<String, Object>> tokens = new ArrayList<>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      Map<String, Object> token = token();
      token.put("top", List.of(token(), token()));
      tokens.add(token);
    }
    return tokens;
  }

  private Map<String, Object> token() {
    Map<String, Object> token = new HashMap<>();
    token.put("token", TEXTS[random.nextInt(TEXTS.length)]);
    token.put("logprob", -random.nextInt(100) / 8.0);
    token.put("bytes", List.of(random.nextInt(256), random.nextInt(256)));
    return token;
  }
}
