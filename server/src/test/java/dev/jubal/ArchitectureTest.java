package dev.jubal;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The rules of docs/architecture.md that a compiler cannot hold. */
final class ArchitectureTest {
  private static final String BASE = "dev.jubal.";

  /** Which groups a group may use beside itself. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "app",
          Set.of("api", "backend", "tool", "inference", "account", "platform", "llama"),
          "api",
          Set.of("inference", "account", "platform", "proto"),
          "backend",
          Set.of("inference", "account", "platform", "llama"),
          "tool",
          Set.of("inference", "account", "platform"),
          "inference",
          Set.of("account", "platform"),
          "account",
          Set.of("platform"),
          "platform",
          Set.of(),
          "llama",
          Set.of());

  /** Groups whose folders never use each other; the exceptions stand in {@link #NEIGHBOURS}. */
  private static final Set<String> APART = Set.of("api", "backend", "tool");

  private static final Set<String> NEIGHBOURS = Set.of();

  /** Everything that answers without a key. */
  private static final Set<String> PUBLIC =
      Set.of(
          "GET /healthz",
          "GET /readyz",
          "GET /openapi.json",
          "GET /auth/oidc/login",
          "GET /auth/oidc/callback");

  /** Work that costs nothing; all other work stands in the ledger. */
  private static final Set<String> FREE_OF_CHARGE =
      Set.of(
          "POST /v1/tokenize-text",
          "POST /v1/client-tokens",
          "POST /v1/admission/explain",
          "POST /v1/admission/explain/chat",
          "POST /v1/admission/explain/messages",
          "POST /v1/admission/explain/completions",
          "POST /v1/admission/explain/complete",
          "POST /v1/admission/explain/embeddings",
          "POST /v1/admission/explain/responses",
          "POST /v1/responses/{response_id}/cancel",
          "POST /v1/messages/count_tokens");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // generated, and of another module
          .withImportOption(at -> !at.contains("/dev/jubal/proto/"))
          .importPackages("dev.jubal");

  @Test
  void groupsDependInOneDirection() {
    check(
        (from, to) -> {
          String own = part(from, 0);
          String other = part(to, 0);
          return own.equals(other) || MAY_USE.getOrDefault(own, Set.of()).contains(other);
        });
  }

  @Test
  void foldersOfAGroupAreApart() {
    check(
        (from, to) -> {
          String own = part(from, 1);
          String other = part(to, 1);
          return !APART.contains(part(from, 0))
              || !part(from, 0).equals(part(to, 0))
              || other.isEmpty()
              || own.equals(other)
              || NEIGHBOURS.contains(own + " -> " + other);
        });
  }

  @Test
  void theAccountKnowsNoHttp() {
    check(
        (from, to) ->
            !part(from, 0).equals("account")
                || !to.getPackageName().startsWith(BASE + "platform.http"));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.jubal.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void classesAreFinalUnlessMadeToBeExtended() {
    Set<String> open = new TreeSet<>();
    for (JavaClass type : classes) {
      boolean closed =
          type.isInterface()
              || type.isEnum()
              || type.isAnonymousClass()
              || type.getModifiers().contains(JavaModifier.FINAL)
              || type.getModifiers().contains(JavaModifier.ABSTRACT)
              || type.getName().endsWith("package-info");
      if (!closed) {
        open.add(type.getName());
      }
    }
    assertEquals(Set.of(), open);
  }

  @Test
  void publicAndFreeRoutesAreTheseAlone() throws Exception {
    Set<String> open = new TreeSet<>();
    Set<String> free = new TreeSet<>();
    try (JubalServer server =
        JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}")) {
      JsonNode paths = OpenApiCheck.of(server.http("")).document().path("paths");
      for (Map.Entry<String, JsonNode> path : paths.properties()) {
        for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
          String name = operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
          if (operation.getValue().has("security")
              && operation.getValue().path("security").isEmpty()) {
            open.add(name);
          }
          if (name.startsWith("POST")
              && !operation.getValue().path("x-jubal-access").stringValue().startsWith("manage")
              && !operation.getValue().path("x-jubal-metered").asBoolean()) {
            free.add(name);
          }
        }
      }
    }
    assertEquals(new TreeSet<>(PUBLIC), open);
    assertEquals(new TreeSet<>(FREE_OF_CHARGE), free);
  }

  private interface Rule {
    boolean allows(JavaClass from, JavaClass to);
  }

  private void check(Rule rule) {
    Set<String> broken = new TreeSet<>();
    for (JavaClass from : classes) {
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        if (to.getPackageName().startsWith(BASE) && !rule.allows(from, to)) {
          broken.add(from.getName() + " -> " + to.getName());
        }
      }
    }
    assertEquals(Set.of(), broken);
  }

  /** The group (0) or the folder within it (1), empty when there is none. */
  private static String part(JavaClass type, int index) {
    String name = type.getPackageName();
    if (!name.startsWith(BASE)) {
      return "";
    }
    List<String> parts = List.of(name.substring(BASE.length()).split("\\."));
    return parts.size() > index ? parts.get(index) : "";
  }
}
