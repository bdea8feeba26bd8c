package dev.jubal.inference.catalogue;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Price;
import dev.jubal.platform.config.Nearest;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All models, by name and alias. Immutable. */
public final class Catalogue {
  private final List<Model> models;
  private final List<Price> tools;
  private final Map<String, Model> byName = new LinkedHashMap<>();

  public Catalogue(List<Model> models) {
    this(models, List.of());
  }

  /**
   * A catalogue.
   *
   * @param tools dated prices of tools, oldest first; may be empty
   */
  public Catalogue(List<Model> models, List<Price> tools) {
    this.models = List.copyOf(models);
    this.tools = List.copyOf(tools);
    for (Model model : models) {
      put(model.id(), model);
      model.aliases().forEach(alias -> put(alias, model));
    }
  }

  private void put(String name, Model model) {
    Model other = byName.putIfAbsent(name, model);
    if (other != null) {
      throw new IllegalArgumentException(
          "the name " + name + " stands for " + other.id() + " and " + model.id());
    }
  }

  /** All rows, in the order of the catalogue. */
  public List<Model> models() {
    return models;
  }

  /** What calls of the server's tools cost, oldest first; may be empty. */
  public List<Price> tools() {
    return tools;
  }

  /** The row of a name or alias. */
  public Optional<Model> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Names and aliases of one kind that a caller may use. */
  public List<String> names(Model.Kind kind, Principal caller) {
    List<String> names = new ArrayList<>();
    byName.forEach(
        (name, model) -> {
          if (model.kind() == kind && mayUse(caller, name, model)) {
            names.add(name);
          }
        });
    return names;
  }

  /**
   * The row a caller asks for.
   *
   * @throws ApiException 404 with the nearest names this caller may use, or 403 when the name
   *     exists but the key has no row for it
   */
  public Model resolve(String name, Model.Kind kind, Principal caller) {
    Model model = byName.get(name);
    if (model == null || model.kind() != kind) {
      throw unknown(name, List.of(kind), caller);
    }
    if (!mayUse(caller, name, model)) {
      throw ApiException.of(
          ErrorCode.PERMISSION_DENIED,
          "model",
          "model: the key "
              + caller.keyName()
              + " may not use \""
              + name
              + "\" (expected: an ACL row api-key:model:"
              + name
              + ").");
    }
    return model;
  }

  private static boolean mayUse(Principal caller, String name, Model model) {
    return caller.mayUse(name) || caller.mayUse(model.id());
  }

  /** The error for a name of none of these kinds, with the nearest names this caller may use. */
  public ApiException unknown(String name, List<Model.Kind> kinds, Principal caller) {
    List<String> usable = kinds.stream().flatMap(k -> names(k, caller).stream()).toList();
    List<String> near = Nearest.to(name, usable, 3);
    String hint =
        near.isEmpty() ? "see GET /v1/models" : "one of those near it: " + String.join(", ", near);
    return ApiException.of(
        ErrorCode.MODEL_NOT_FOUND,
        "model",
        "model: there is no \"" + name + "\" (expected: " + hint + ").");
  }
}
