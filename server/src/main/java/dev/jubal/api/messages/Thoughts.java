package dev.jubal.api.messages;

import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;

/**
 * Thoughts of one team as blocks hold them: readable beside a signature, or sealed. The signature
 * is the sealed thought itself, so that a changed one is noticed.
 */
final class Thoughts {
  private final ThoughtSeal seal;
  private final String team;

  Thoughts(ThoughtSeal seal, String team) {
    this.seal = seal;
    this.team = team;
  }

  String sign(String thought) {
    return seal.seal(team, thought);
  }

  /** A thought given back; one without a signature is taken as it is, as api.x.ai takes it. */
  String checked(MessagesWire.ThinkingBlock block, String at) {
    String signature = block.signature();
    if (signature == null || signature.isEmpty()) {
      return block.thinking();
    }
    String field = at + ".signature";
    if (!seal.open(team, signature, field).equals(block.thinking())) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field
              + ": it is that of another thought (expected: that of "
              + at
              + ".thinking, both as an answer gave them).");
    }
    return block.thinking();
  }

  String opened(MessagesWire.RedactedThinking block, String at) {
    return seal.open(team, block.data(), at + ".data");
  }
}
