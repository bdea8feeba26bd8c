package dev.jubal.app.operate;

import dev.jubal.account.keys.Account;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.account.keys.KeySettings;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.ProjectStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.platform.config.Secret;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** API keys and management keys. */
final class KeyRows {
  private static final String SECRET = "secret";

  private KeyRows() {}

  /**
   * What keys need.
   *
   * @param secrets what the file's references lead to
   * @param issued is told of each secret that was made
   */
  record Tools(
      Database database, InstantSource now, Map<String, Secret> secrets, Consumer<Issued> issued) {

    /** What a reference of the file leads to. */
    Secret secret(String reference) {
      return Objects.requireNonNull(secrets.get(reference), reference);
    }

    /** The secret that a key to be made is given; empty where one is to be made. */
    Optional<Secret> given(Thing key) {
      String reference =
          key.maybe(SECRET)
              .orElseThrow(
                  () ->
                      ApiException.of(
                          ErrorCode.INVALID_VALUE,
                          SECRET,
                          "there is no such key, and none can be made without a secret (expected:"
                              + " secret: "
                              + Form.SECRET.expected()
                              + ")"));
      return reference.equals(Form.GENERATE) ? Optional.empty() : Optional.of(secret(reference));
    }
  }

  record Api(Tools tools) implements Rows {
    private KeyStore store() {
      return new KeyStore(tools.database(), tools.now());
    }

    @Override
    public String make(Thing key) {
      Thing user = key.parent();
      KeyStore.Owner owner =
          new KeyStore.Owner(Optional.of(user.parent().id()), Optional.of(user.id()));
      Optional<Secret> given = tools.given(key);
      IssuedKey made = store().restore(settings(key), owner, given);
      if (given.isEmpty()) {
        tools.issued().accept(new Issued(key.path(), made.secret()));
      }
      return made.key().id();
    }

    @Override
    public void change(Thing old, Thing next) {
      store().restore(old.id(), _ -> settings(next));
    }

    private KeySettings settings(Thing key) {
      String team = key.parent().parent().id();
      ProjectStore projects = new ProjectStore(tools.database(), tools.now());
      return new KeySettings(
          key.get("name"),
          Form.items(key.get("acls")),
          key.maybe("expires").map(Instant::parse),
          key.flag("disabled"),
          new Account.Limits(limit(key, "qps"), limit(key, "qpm"), limit(key, "tpm")),
          key.maybe("project").map(p -> projects.named(team, p).id()));
    }

    private static OptionalLong limit(Thing key, String field) {
      return key.maybe(field).isPresent()
          ? OptionalLong.of(key.whole(field))
          : OptionalLong.empty();
    }

    @Override
    public void remove(Thing key) {
      store().revoke(key.id());
    }

    @Override
    public boolean secret(Thing key, String reference) {
      Secret given = tools.secret(reference);
      if (store().has(key.id(), given)) {
        return false;
      }
      store().rotate(key.id(), given);
      return true;
    }
  }

  record Management(Tools tools) implements Rows {
    private ManagementStore store() {
      return new ManagementStore(tools.database(), tools.now());
    }

    @Override
    public String make(Thing key) {
      Optional<Secret> given = tools.given(key);
      ManagementStore.Issued made = store().restore(key.get("name"), terms(key), given);
      if (given.isEmpty()) {
        tools.issued().accept(new Issued(key.path(), made.secret()));
      }
      return made.key().id();
    }

    @Override
    public void change(Thing old, Thing next) {
      store().restore(old.id(), terms(next));
    }

    private ManagementStore.Terms terms(Thing key) {
      TeamStore teams = new TeamStore(tools.database());
      return new ManagementStore.Terms(
          key.maybe("team").map(t -> teams.named(t).id()),
          Form.items(key.get("acls")),
          key.maybe("expires").map(Instant::parse));
    }

    @Override
    public void remove(Thing key) {
      store().revoke(key.id());
    }

    @Override
    public boolean secret(Thing key, String reference) {
      Secret given = tools.secret(reference);
      if (store().has(key.id(), given)) {
        return false;
      }
      store().rotate(key.id(), given);
      return true;
    }
  }
}
