package dev.jubal.api.management;

import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.KeySettings;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Times;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The change that a field mask and new values stand for. A limit, time or project that the mask
 * names and the values leave out is taken away; name, disabled and acls must be given.
 */
final class KeyPatch {
  private KeyPatch() {}

  /**
   * The change.
   *
   * @throws ApiException 400 that names the wrong field
   */
  static UnaryOperator<KeySettings> of(KeyWire.Update update) {
    KeyWire.Patch patch = Objects.requireNonNull(update.apiKey());
    List<UnaryOperator<KeySettings>> steps =
        Stream.of(Objects.requireNonNull(update.fieldMask()).split(",", -1))
            .map(String::strip)
            .map(name -> step(name, patch))
            .toList();
    return settings -> {
      KeySettings next = settings;
      for (UnaryOperator<KeySettings> step : steps) {
        next = step.apply(next);
      }
      return next;
    };
  }

  private static UnaryOperator<KeySettings> step(String name, KeyWire.Patch patch) {
    return switch (name) {
      case "name" -> {
        String value = given("name", patch.name());
        yield old ->
            new KeySettings(
                value, old.acls(), old.expires(), old.disabled(), old.limits(), old.project());
      }
      case "disabled" -> {
        boolean value = given("disabled", patch.disabled());
        yield old ->
            new KeySettings(
                old.name(), old.acls(), old.expires(), value, old.limits(), old.project());
      }
      case "acls", "aclStrings", "acl_strings" -> {
        List<String> value =
            given("acls", patch.acls() == null ? patch.aclStrings() : patch.acls());
        yield old ->
            new KeySettings(
                old.name(), value, old.expires(), old.disabled(), old.limits(), old.project());
      }
      case "expireTime", "expire_time" -> {
        Optional<Instant> value =
            Optional.ofNullable(patch.expireTime()).map(t -> Times.read("apiKey.expireTime", t));
        yield old ->
            new KeySettings(
                old.name(), old.acls(), value, old.disabled(), old.limits(), old.project());
      }
      case "projectId", "project_id" ->
          old -> old.withProject(Optional.ofNullable(patch.projectId()));
      default -> limit(name, patch);
    };
  }

  private static UnaryOperator<KeySettings> limit(String name, KeyWire.Patch patch) {
    return switch (name) {
      case "qps" -> {
        var value = Bodies.whole("apiKey.qps", patch.qps());
        yield limits(old -> new Account.Limits(value, old.qpm(), old.tpm()));
      }
      case "qpm" -> {
        var value = Bodies.whole("apiKey.qpm", patch.qpm());
        yield limits(old -> new Account.Limits(old.qps(), value, old.tpm()));
      }
      case "tpm" -> {
        var value = Bodies.whole("apiKey.tpm", patch.tpm());
        yield limits(old -> new Account.Limits(old.qps(), old.qpm(), value));
      }
      default ->
          throw ApiException.of(
              ErrorCode.INVALID_VALUE,
              "fieldMask",
              "fieldMask: \""
                  + name
                  + "\" (expected: name, disabled, acls, qps, qpm, tpm, expireTime or projectId,"
                  + " separated by commas).");
    };
  }

  private static UnaryOperator<KeySettings> limits(UnaryOperator<Account.Limits> change) {
    return old -> old.withLimits(change.apply(old.limits()));
  }

  private static <T> T given(String name, @Nullable T value) {
    if (value == null) {
      throw ApiException.of(
          ErrorCode.MISSING_FIELD,
          "apiKey." + name,
          "apiKey." + name + " is missing (expected: a value, as fieldMask names it).");
    }
    return value;
  }
}
