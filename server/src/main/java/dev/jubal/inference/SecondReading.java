package dev.jubal.inference;

import dev.jubal.inference.catalogue.Model;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of backends that constrain, held against their schemas once more after they have gone
 * out: a disagreement is logged and counted, and nobody waits for it. One thread, which ends when
 * it is idle; what comes faster than it reads is left unread, and counted as such.
 */
final class SecondReading {
  /** Cause of an answer that was left unread. */
  static final String UNREAD = "unread";

  private static final Logger log = LoggerFactory.getLogger(SecondReading.class);
  private static final int WAITING = 64;

  private final Consumer<String> disagreements;
  private final ThreadPoolExecutor reader;

  /** Causes go to the consumer, in one of few words. */
  SecondReading(Consumer<String> disagreements) {
    this.disagreements = disagreements;
    this.reader =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("second-reading").factory(),
            (task, full) -> disagreements.accept(UNREAD));
    reader.allowCoreThreadTimeOut(true);
  }

  void read(String requestId, Model model, AnswerCheck check, AnswerRecorder answer) {
    reader.execute(
        () -> check.flaw(answer).ifPresent(flaw -> disagreed(requestId, model.id(), flaw)));
  }

  private void disagreed(String requestId, String model, AnswerCheck.Flaw flaw) {
    log.warn(
        "request {}: the answer of {} disagrees with its schema ({}): {}",
        requestId,
        model,
        flaw.cause(),
        flaw.message());
    disagreements.accept(flaw.cause());
  }
}
