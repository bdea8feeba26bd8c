package dev.jubal.platform.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The route table: exact paths by one look-up, paths with parameters by their segments. */
public final class Routes {
  private final Map<String, Map<String, Route>> exact = new LinkedHashMap<>();
  private final List<Route> patterns = new ArrayList<>();
  private final List<Route> all = new ArrayList<>();
  private final List<SocketRoute> sockets = new ArrayList<>();
  private final Map<String, ErrorRenderer> forms = new LinkedHashMap<>();

  /** A route and the values of its path parameters. */
  public record Match(Route route, Map<String, String> params) {}

  public void add(Route route) {
    all.add(route);
    ErrorRenderer form = route.errors();
    if (form != null) {
      forms.put(route.path(), form);
    }
    if (route.path().contains("{")) {
      addPattern(route);
    } else if (exact
            .computeIfAbsent(route.path(), p -> new LinkedHashMap<>())
            .put(route.method(), route)
        != null) {
      throw new IllegalStateException("two routes for " + route.method() + " " + route.path());
    }
  }

  /** Longer paths first: the last parameter of a shorter one may hold the rest of theirs. */
  private void addPattern(Route route) {
    int at = 0;
    while (at < patterns.size() && segments(patterns.get(at)) >= segments(route)) {
      at++;
    }
    patterns.add(at, route);
  }

  private static int segments(Route route) {
    return route.path().split("/", -1).length;
  }

  /** Adds a path that is called by WebSocket; plain requests of it go their own way. */
  public void add(SocketRoute route) {
    sockets.add(route);
  }

  List<SocketRoute> sockets() {
    return List.copyOf(sockets);
  }

  public List<Route> all() {
    return List.copyOf(all);
  }

  Optional<Match> find(String method, String path) {
    Map<String, Route> methods = exact.get(path);
    if (methods != null) {
      Route route = methods.get(method);
      return route == null ? Optional.empty() : Optional.of(new Match(route, Map.of()));
    }
    for (Route route : patterns) {
      if (route.method().equals(method)) {
        Optional<Map<String, String>> params = match(route.path(), path);
        if (params.isPresent()) {
          return Optional.of(new Match(route, params.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** The methods a path answers to; empty when there is no such path. */
  List<String> methods(String path) {
    TreeSet<String> methods = new TreeSet<>(exact.getOrDefault(path, Map.of()).keySet());
    patterns.stream()
        .filter(r -> match(r.path(), path).isPresent())
        .map(Route::method)
        .forEach(methods::add);
    return List.copyOf(methods);
  }

  /**
   * The form of errors at a path: that of its route, or of a route whose path it goes on from, as
   * that is what a client that mistook an address meant.
   */
  Optional<ErrorRenderer> errors(String path) {
    for (Map.Entry<String, ErrorRenderer> form : forms.entrySet()) {
      String start = form.getKey();
      if (path.startsWith(start)
          && (path.length() == start.length() || path.charAt(start.length()) == '/')) {
        return Optional.of(form.getValue());
      }
    }
    return Optional.empty();
  }

  private static Optional<Map<String, String>> match(String pattern, String path) {
    List<String> want = List.of(pattern.split("/"));
    List<String> have = List.of(path.split("/", want.size()));
    if (want.size() != have.size()) {
      return Optional.empty();
    }
    Map<String, String> params = new LinkedHashMap<>();
    for (int i = 0; i < want.size(); i++) {
      String w = want.get(i);
      if (w.startsWith("{")) {
        if (have.get(i).isEmpty()) {
          return Optional.empty();
        }
        params.put(w.substring(1, w.length() - 1), have.get(i));
      } else if (!w.equals(have.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(params);
  }
}
