package dev.jubal.platform.config;

import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads secrets of a HashiCorp Vault over its HTTP API, key-value engine version 2. Each secret is
 * fetched once for the life of this object. Confined to its thread.
 */
final class Vault {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int MOST_OF_AN_ERROR = 200;

  private final VaultConfig config;
  private final Map<String, String> environment;
  private final Map<String, JsonNode> known = new HashMap<>();
  private @Nullable HttpClient client;

  Vault(VaultConfig config, Map<String, String> environment) {
    this.config = config;
    this.environment = environment;
  }

  /**
   * A field of a secret.
   *
   * @param path with its mount, such as secret/jubal/database
   * @throws ConfigException when it cannot be had; without the value
   */
  String field(String path, String field) {
    JsonNode secret = known.computeIfAbsent(path, this::fetch);
    JsonNode value = secret.path(field);
    if (value.isString()) {
      return value.stringValue();
    }
    Collection<String> fields = secret.propertyNames();
    throw new ConfigException(
        "the secret "
            + path
            + (value.isMissingNode()
                ? " has no field \"" + field + "\" (expected: one of " + fields + ")"
                : " has something other than a text as its field \"" + field + "\""));
  }

  private JsonNode fetch(String path) {
    String data = dataPath(path);
    URI url = URI.create(address() + "/v1/" + data);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(config.timeout())
            .header("X-Vault-Token", token())
            .header("X-Vault-Request", "true")
            .GET();
    config
        .namespace()
        .or(() -> fromEnvironment("VAULT_NAMESPACE"))
        .ifPresent(n -> request.header("X-Vault-Namespace", n));
    return secret(path, url, send(url, request.build()));
  }

  private JsonNode secret(String path, URI url, HttpResponse<byte[]> answer) {
    JsonNode body = tree(answer.body());
    JsonNode data = body.path("data").path("data");
    if (answer.statusCode() == 200 && data.isObject()) {
      return data;
    }
    throw new ConfigException(
        switch (answer.statusCode()) {
          case 200 -> url + " is no secret of a key-value engine of version 2";
          case 403 -> "the token may not read " + path + " at " + url + errors(body);
          case 404 -> "there is no secret " + path + " at " + url + ", or its version is deleted";
          case 503 -> "the Vault at " + url + " is sealed" + errors(body);
          default ->
              "the Vault answered " + url + " with status " + answer.statusCode() + errors(body);
        });
  }

  private static String errors(JsonNode body) {
    String text = body.path("errors").isArray() ? body.path("errors").toString() : "";
    return text.isEmpty()
        ? ""
        : ": " + text.substring(0, Math.min(text.length(), MOST_OF_AN_ERROR));
  }

  private static JsonNode tree(byte[] body) {
    try {
      return Json.tree(body);
    } catch (JacksonException e) {
      return Json.mapper().missingNode();
    }
  }

  private HttpResponse<byte[]> send(URI url, HttpRequest request) {
    HttpClient using = client;
    if (using == null) {
      // a redirect would hand the token on to whoever it names; a proxy would see it
      using =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(HttpClient.Builder.NO_PROXY)
              .build();
      client = using;
    }
    try {
      return using.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new ConfigException("the Vault at " + url + " cannot be reached: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConfigException("the Vault at " + url + " was not waited for");
    }
  }

  private URI address() {
    return config
        .address()
        .map(a -> VaultConfig.check("vault.address", a))
        .or(() -> fromEnvironment("VAULT_ADDR").map(a -> VaultConfig.check("VAULT_ADDR", a)))
        .orElseThrow(
            () -> new ConfigException("no Vault is known (expected: vault.address or VAULT_ADDR)"));
  }

  private String token() {
    String token =
        config
            .token()
            .map(Secret::reveal)
            .or(() -> config.tokenFile().map(Vault::read))
            .or(() -> fromEnvironment("VAULT_TOKEN"))
            .or(() -> fromEnvironment("VAULT_TOKEN_FILE").map(f -> read(Path.of(f))))
            .orElseThrow(
                () ->
                    new ConfigException(
                        "no token of the Vault is known (expected: vault.token-file, vault.token,"
                            + " VAULT_TOKEN or VAULT_TOKEN_FILE)"));
    if (token.isBlank() || !token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new ConfigException(
          "the token of the Vault, which is not shown, is no line of printable characters");
    }
    return token;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConfigException("the file of the Vault's token " + file + " cannot be read: " + e);
    }
  }

  private Optional<String> fromEnvironment(String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
  }

  /** The engine of version 2 has its data below the mount, in the folder data. */
  private String dataPath(String path) {
    String mount =
        config
            .mount()
            .map(m -> m.replaceAll("^/+|/+$", ""))
            .filter(m -> path.startsWith(m + "/"))
            .orElseGet(() -> path.substring(0, Math.max(0, path.indexOf('/'))));
    String rest = mount.isEmpty() ? "" : path.substring(mount.length() + 1);
    if (rest.isEmpty()) {
      throw new ConfigException(
          "the path \"" + path + "\" has no mount (expected: MOUNT/PATH, as for vault kv get)");
    }
    return encoded(mount) + "/data/" + encoded(rest);
  }

  private static String encoded(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }
}
