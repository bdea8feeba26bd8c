package dev.jubal.api.responses;

import dev.jubal.inference.Item;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.Kept;
import java.util.List;
import java.util.Optional;

/** What a request can refer to: earlier responses, items, thoughts and compactions of its team. */
interface Recall {
  /**
   * What a response that is to be continued has before its end.
   *
   * @throws dev.jubal.platform.error.ApiException 400 when it is not there
   */
  Conversation conversation(String previousId);

  /** An item of a stored response. */
  Optional<Kept> item(String itemId);

  /** The thought of encrypted content. */
  String thought(String encrypted, String at);

  /** What a compaction stands for. */
  List<Item> compacted(String encrypted, String at);
}
