package dev.jubal.account.management;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What members of an identity provider's groups may do here: {@code GROUP=ROLE, GROUP=ROLE}. A role
 * stands for rights of management keys. Without an entry nobody may do anything. Immutable.
 */
public final class Roles {
  /** Nobody may do anything. */
  public static final Roles NONE = new Roles(Map.of());

  private static final Map<String, List<String>> NAMED =
      Map.of(
          "admin",
          List.of(Rights.ALL),
          "billing",
          List.of("billing:*", "projects:read", "teams:read"),
          "viewer",
          List.of(
              "api-keys:read",
              "billing:read",
              "end-users:read",
              "projects:read",
              "teams:read",
              "users:read"));

  private final Map<String, List<String>> byGroup;

  private Roles(Map<String, List<String>> byGroup) {
    this.byGroup = Map.copyOf(byGroup);
  }

  /**
   * Reads them.
   *
   * @throws ConfigException for a malformed entry, an unknown role or right, a group given twice
   */
  public static Roles read(String text) {
    Map<String, List<String>> byGroup = new LinkedHashMap<>();
    for (String entry : text.split(",", -1)) {
      int equals = entry.lastIndexOf('=');
      if (equals < 1) {
        throw wrong(entry, "GROUP=ROLE");
      }
      String group = entry.substring(0, equals).strip();
      List<String> rights = rights(entry, entry.substring(equals + 1).strip());
      if (group.isEmpty() || byGroup.put(group, rights) != null) {
        throw wrong(entry, "a group, each once");
      }
    }
    return new Roles(byGroup);
  }

  private static List<String> rights(String entry, String role) {
    List<String> named = NAMED.get(role);
    if (named != null) {
      return named;
    }
    List<String> rights = Arrays.stream(role.split("\\+", -1)).map(String::strip).toList();
    try {
      Rights.check(rights);
      return rights;
    } catch (ApiException e) {
      throw wrong(
          entry, "as ROLE one of " + new TreeSet<>(NAMED.keySet()) + ", or rights: " + e.text());
    }
  }

  private static ConfigException wrong(String entry, String expected) {
    return new ConfigException(
        "oidc.roles: \"" + entry.strip() + "\" (expected: " + expected + ").");
  }

  /** Those of somebody's groups that mean something here, each once. */
  public List<String> known(Collection<String> groups) {
    return groups.stream().filter(byGroup::containsKey).distinct().sorted().toList();
  }

  /** What a member of groups may do; nothing where none of them means anything. */
  public List<String> rights(Collection<String> groups) {
    return groups.stream()
        .flatMap(g -> byGroup.getOrDefault(g, List.of()).stream())
        .distinct()
        .sorted()
        .toList();
  }
}
