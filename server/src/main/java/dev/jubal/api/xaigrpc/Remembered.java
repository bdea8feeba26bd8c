package dev.jubal.api.xaigrpc;

import dev.jubal.inference.Item;
import dev.jubal.inference.memory.Compaction;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.ResponseMemory;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.proto.xai.GetCompletionsRequest;
import java.util.List;

/**
 * What a request can refer to: earlier responses, thoughts and compactions of its team.
 *
 * @param thoughts makes and opens the encrypted content of thoughts
 * @param compactions makes and opens compactions
 */
public record Remembered(ResponseMemory memory, ThoughtSeal thoughts, Compaction compactions) {

  /** The same, for one team. */
  Recall of(String team) {
    return new Recall(team, this);
  }

  /** What one team can refer to. */
  record Recall(String team, Remembered with) {

    /** What the response that is continued has up to its end; nothing when none is named. */
    Conversation before(GetCompletionsRequest wire) {
      return wire.getPreviousResponseId().isEmpty()
          ? Conversation.NEW
          : with.memory.conversation(team, wire.getPreviousResponseId());
    }

    String sealed(String thought) {
      return with.thoughts.seal(team, thought);
    }

    String thought(String sealed, String at) {
      return with.thoughts.open(team, sealed, at);
    }

    List<Item> compacted(String sealed, String at) {
      return with.compactions.open(team, sealed, at);
    }
  }
}
