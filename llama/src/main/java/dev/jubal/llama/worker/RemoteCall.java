package dev.jubal.llama.worker;

import dev.jubal.llama.EngineFailure;
import java.util.concurrent.CompletableFuture;

/** A question that waits for its answer; asked again after a crash. */
final class RemoteCall {
  private final Message.Call question;
  private final CompletableFuture<Message.Reply> answer = new CompletableFuture<>();
  private int crashes;

  RemoteCall(Message.Call question) {
    this.question = question;
  }

  Message.Call question() {
    return question;
  }

  CompletableFuture<Message.Reply> answer() {
    return answer;
  }

  int crashed() {
    return ++crashes;
  }

  void answered(Message.Reply reply) {
    if (reply instanceof Message.CallFailed failed) {
      fail(failed.kind(), failed.reason());
    } else {
      answer.complete(reply);
    }
  }

  void fail(EngineFailure.Kind kind, String reason) {
    answer.completeExceptionally(new EngineFailure(kind, reason));
  }
}
