package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.inference.Item;
import dev.jubal.inference.memory.Compaction;
import dev.jubal.inference.memory.Conversation;
import dev.jubal.inference.memory.Kept;
import dev.jubal.inference.memory.ResponseMemory;
import dev.jubal.inference.reasoning.ThoughtSeal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What one team has stored or was given sealed. */
final class TeamRecall implements Recall {
  /** Every item that this server names carries the id of its response. */
  private static final Pattern RESPONSE =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Principal caller;
  private final String team;
  private final ResponseMemory memory;
  private final ThoughtSeal thoughts;
  private final Compaction compactions;

  TeamRecall(Principal caller, Remembered remembered) {
    this.caller = caller;
    this.team = caller.teamId();
    this.memory = remembered.memory();
    this.thoughts = remembered.thoughts();
    this.compactions = remembered.compactions();
  }

  /**
   * Where what was said before is found.
   *
   * @param memory stored responses
   * @param thoughts opens and makes the encrypted content of thoughts
   * @param compactions opens and makes compactions
   */
  record Remembered(ResponseMemory memory, ThoughtSeal thoughts, Compaction compactions) {}

  @Override
  public Conversation conversation(String previousId) {
    return memory.conversation(caller.teamOfStored(), previousId);
  }

  @Override
  public Optional<Kept> item(String itemId) {
    Matcher id = RESPONSE.matcher(itemId);
    return id.find()
        ? memory
            .find(caller.teamOfStored(), id.group())
            .flatMap(
                r ->
                    Stream.concat(r.content().input().stream(), r.content().output().stream())
                        .filter(k -> k.id().equals(itemId))
                        .findFirst())
        : Optional.empty();
  }

  @Override
  public String thought(String encrypted, String at) {
    return thoughts.open(team, encrypted, at);
  }

  @Override
  public List<Item> compacted(String encrypted, String at) {
    return compactions.open(team, encrypted, at);
  }
}
