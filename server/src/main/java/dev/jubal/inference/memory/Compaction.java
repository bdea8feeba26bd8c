package dev.jubal.inference.memory;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.StoredJson;
import dev.jubal.inference.Tools;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterOutputStream;

/**
 * Makes a conversation shorter: instructions and the recent turns stay as they are, what lies
 * before is summarised by the model. The result is opaque to clients, who give it back in the place
 * of what it stands for. Thread-safe.
 */
public final class Compaction {
  /** Its surface in the ledger. */
  public static final String ENDPOINT = "compact";

  private static final String CONTEXT = "compaction";

  /** About half of the smallest usual context, so that the summary so far fits beside it. */
  private static final int CHARS_AT_ONCE = 12_000;

  private static final int LEAST_TOKENS = 64;
  private static final int MOST_TOKENS = 512;
  private static final int CHARS_A_TOKEN = 4;
  private static final String TASK =
      "You condense conversations. Write down what a reader needs in order to continue the"
          + " conversation: facts, names, numbers, decisions, open questions, and what tools gave."
          + " Write short sentences. Add nothing that was not said, and no comment.";

  private final Vault vault;
  private final Catalogue catalogue;
  private final Generator generator;

  public Compaction(Vault vault, Catalogue catalogue, Generator generator) {
    this.vault = vault;
    this.catalogue = catalogue;
    this.generator = generator;
  }

  /**
   * A conversation made shorter.
   *
   * @param model the catalogue name of what summarised
   * @param sealed what the client gives back
   * @param dropped how many items the summary stands for; 0 when all was recent
   * @param usage of the summarising; nothing when all was recent
   * @param costTicks its price, 1e-10 USD
   */
  public record Compacted(String model, String sealed, int dropped, Usage usage, long costTicks) {}

  private record Content(int version, List<Item> items) {}

  /**
   * Compacts.
   *
   * @param caller who pays; each run of the model is a request of its own in the ledger, the first
   *     under the caller's request id, further ones with a number behind it
   * @throws ApiException as the generator, and 502 when the model writes no summary
   */
  public Compacted compact(String model, List<Item> items, Generator.Caller caller) {
    Model row = catalogue.resolve(model, Model.Kind.LANGUAGE, caller.principal());
    RecentTurns parts = RecentTurns.of(items);
    List<Item> kept = new ArrayList<>(parts.instructions());
    Summary summary = parts.older().isEmpty() ? Summary.NONE : summary(model, parts, caller);
    boolean shorter = summary.text.length() < RecentTurns.chars(parts.older());
    if (shorter) {
      kept.add(
          Item.Message.text(
              Role.USER, "Summary of the conversation so far:\n" + summary.text.strip()));
    } else {
      kept.addAll(parts.older());
    }
    kept.addAll(parts.recent());
    return new Compacted(
        row.id(),
        sealed(caller.principal().teamId(), kept),
        shorter ? parts.older().size() : 0,
        summary.usage,
        summary.costTicks);
  }

  private record Summary(String text, Usage usage, long costTicks) {
    static final Summary NONE = new Summary("", Usage.NONE, 0);
  }

  /** Piece after piece, each with the summary of those before it. */
  private Summary summary(String model, RecentTurns parts, Generator.Caller caller) {
    Summary so = Summary.NONE;
    List<String> pieces = Transcripts.pieces(parts.older(), CHARS_AT_ONCE);
    for (int i = 0; i < pieces.size(); i++) {
      String before = so.text.isEmpty() ? "" : "Summary so far:\n" + so.text.strip() + "\n\n";
      String text = before + "Conversation:\n" + pieces.get(i);
      Summary next = run(request(model, text), numbered(caller, i));
      so = new Summary(next.text, so.usage.plus(next.usage), so.costTicks + next.costTicks);
    }
    return so;
  }

  private static Generator.Caller numbered(Generator.Caller caller, int index) {
    return new Generator.Caller(
        caller.principal(),
        index == 0 ? caller.requestId() : caller.requestId() + "-" + (index + 1),
        caller.clientRequestId(),
        caller.cancel());
  }

  private static GenerationRequest request(String model, String text) {
    int most = Math.clamp(text.length() / (3 * CHARS_A_TOKEN), LEAST_TOKENS, MOST_TOKENS);
    return new GenerationRequest(
        ENDPOINT,
        model,
        new Prompt.Conversation(
            List.of(Item.Message.text(Role.SYSTEM, TASK), Item.Message.text(Role.USER, text))),
        new SamplingOptions(
            Optional.of(0.0),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            SamplingOptions.Penalties.NONE,
            Map.of(),
            Optional.empty()),
        new GenerationRequest.Limits(OptionalInt.of(most), List.of()),
        new GenerationRequest.Options(
            1,
            OptionalInt.empty(),
            GenerationRequest.Thought.UNSAID,
            Optional.empty(),
            new AnswerFormat.Text(),
            Tools.NONE),
        false);
  }

  private Summary run(GenerationRequest request, Generator.Caller caller) {
    StringBuilder text = new StringBuilder();
    List<GenerationEvent.Finished> end = new ArrayList<>(1);
    generator.generate(
        request,
        caller,
        event -> {
          if (event instanceof GenerationEvent.TextDelta d) {
            text.append(d.text());
          } else if (event instanceof GenerationEvent.Finished f) {
            end.add(f);
          }
        });
    if (text.toString().isBlank()) {
      throw new ApiException(
          ErrorCode.UPSTREAM_ERROR, "The model wrote no summary (expected: a text).");
    }
    return new Summary(text.toString(), end.getLast().usage(), end.getLast().costTicks());
  }

  private String sealed(String team, List<Item> items) {
    byte[] clear = StoredJson.ofRecord(new Content(StoredJson.VERSION, items));
    try {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
        out.write(clear);
      }
      return Base64.getEncoder().encodeToString(vault.seal(team, CONTEXT, packed.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a compaction stands for.
   *
   * @param field where in the request it stands
   * @throws ApiException 400 that names the field, when it was changed, cut, or made for another
   *     team or under another key
   */
  public List<Item> open(String team, String sealed, String field) {
    try {
      byte[] packed = vault.open(team, CONTEXT, Base64.getDecoder().decode(sealed));
      ByteArrayOutputStream clear = new ByteArrayOutputStream();
      try (InflaterOutputStream out = new InflaterOutputStream(clear)) {
        out.write(packed);
      }
      return StoredJson.record(clear.toByteArray(), Content.class).items();
    } catch (IllegalArgumentException | Vault.Sealed e) {
      throw new ApiException(
          ErrorCode.INVALID_VALUE,
          field
              + ": "
              + sealed.length()
              + " characters that cannot be opened (expected: the encrypted content of a compaction"
              + " that was made for this team, unchanged).",
          field,
          null,
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
