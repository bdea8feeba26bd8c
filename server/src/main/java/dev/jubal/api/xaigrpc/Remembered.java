package dev.jubal.api.xaigrpc;

import dev.jubal.account.Principal;
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

  /** The same, for one caller. */
  Recall of(Principal caller) {
    return new Recall(caller, this);
  }

  /** What one caller can refer to. */
  record Recall(Principal caller, Remembered with) {

    /** What the response that is continued has up to its end; nothing when none is named. */
    Conversation before(GetCompletionsRequest wire) {
      return wire.getPreviousResponseId().isEmpty()
          ? Conversation.NEW
          : with.memory.conversation(caller.teamOfStored(), wire.getPreviousResponseId());
    }

    String sealed(String thought) {
      return with.thoughts.seal(caller.teamId(), thought);
    }

    String thought(String sealed, String at) {
      return with.thoughts.open(caller.teamId(), sealed, at);
    }

    List<Item> compacted(String sealed, String at) {
      return with.compactions.open(caller.teamId(), sealed, at);
    }
  }
}
