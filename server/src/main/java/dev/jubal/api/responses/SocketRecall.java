package dev.jubal.api.responses;

import dev.jubal.inference.Item;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.Kept;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the requests of one WebSocket can refer to: the last few responses made on it, then what the
 * team has stored. Confined to the socket's thread.
 */
final class SocketRecall implements Recall {
  private static final int MOST = 4;

  private final Recall team;
  private final Map<String, Conversation> held = new LinkedHashMap<>();

  SocketRecall(Recall team) {
    this.team = team;
  }

  void hold(String id, Conversation conversation) {
    held.put(id, conversation);
    if (held.size() > MOST) {
      held.remove(held.keySet().iterator().next());
    }
  }

  void forget(String id) {
    held.remove(id);
  }

  @Override
  public Conversation conversation(String previousId) {
    Conversation here = held.get(previousId);
    return here != null ? here : team.conversation(previousId);
  }

  @Override
  public Optional<Kept> item(String itemId) {
    return held.values().stream()
        .flatMap(c -> c.find(itemId).stream())
        .findFirst()
        .or(() -> team.item(itemId));
  }

  @Override
  public String thought(String encrypted, String at) {
    return team.thought(encrypted, at);
  }

  @Override
  public List<Item> compacted(String encrypted, String at) {
    return team.compacted(encrypted, at);
  }
}
