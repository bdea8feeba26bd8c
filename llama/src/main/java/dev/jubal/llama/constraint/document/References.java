package dev.jubal.llama.constraint.document;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what references of one schema document point to. Nothing is ever fetched. */
public final class References {
  private static final URI DOCUMENT = URI.create("jubal:/schema");

  private final Map<String, Node> resources = new HashMap<>();
  private final Map<String, Node> anchors = new HashMap<>();
  private final Node root;

  public References(Node root) {
    this.root = root;
    resources.put(DOCUMENT.toString(), root);
    index(root, DOCUMENT);
  }

  private void index(Node node, URI base) {
    URI inside = base;
    if (node.isObject()) {
      Node id = id(node);
      if (id != null) {
        if (id.text.startsWith("#")) {
          anchors.putIfAbsent(base + id.text, node);
        } else {
          inside = resolved(base, id);
          resources.putIfAbsent(inside.toString(), node);
        }
      }
      for (String keyword : new String[] {"$anchor", "$dynamicAnchor"}) {
        Node anchor = node.field(keyword);
        if (anchor != null && anchor.isString()) {
          anchors.putIfAbsent(inside + "#" + anchor.text, node);
        }
      }
      for (Node field : node.fields.values()) {
        index(field, inside);
      }
    }
    for (Node item : node.items) {
      index(item, inside);
    }
  }

  private static @Nullable Node id(Node node) {
    Node id = node.field("$id");
    if (id == null) {
      id = node.field("id");
    }
    return id != null && id.isString() && !id.text.isEmpty() ? id : null;
  }

  private static URI resolved(URI base, Node reference) {
    try {
      URI uri = base.resolve(new URI(reference.text));
      return new URI(uri.getScheme(), uri.getSchemeSpecificPart(), null);
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw reference.refused("a URI reference");
    }
  }

  private static URI base(Node node) {
    Node parent = node.parent;
    URI outer = parent == null ? DOCUMENT : base(parent);
    Node id = node.isObject() ? id(node) : null;
    return id == null || id.text.startsWith("#") ? outer : resolved(outer, id);
  }

  /** What a reference, the value of a $ref, points to. */
  public Node target(Node reference) {
    if (!reference.isString()) {
      throw reference.refused("a string");
    }
    if (reference.text.equals("#") && resources.size() == 1) {
      return root;
    }
    Node holder = reference.parent;
    URI base = holder == null ? DOCUMENT : base(holder);
    int hash = reference.text.indexOf('#');
    String fragment = hash < 0 ? "" : decoded(reference, reference.text.substring(hash + 1));
    URI resource = hash == 0 ? base : resolved(base, reference);
    if (!fragment.isEmpty() && !fragment.startsWith("/")) {
      Node anchored = anchors.get(resource + "#" + fragment);
      if (anchored == null) {
        throw reference.refused("an anchor of this schema");
      }
      return anchored;
    }
    Node found = resources.get(resource.toString());
    if (found == null && hash >= 0 && sameDocument(resource)) {
      found = root;
    }
    if (found == null) {
      throw reference.refused("a reference within this schema: nothing is fetched");
    }
    return walk(found, fragment, reference);
  }

  private boolean sameDocument(URI resource) {
    return resource.equals(base(root));
  }

  private static String decoded(Node reference, String fragment) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw reference.refused("a URI reference");
    }
  }

  private static Node walk(Node from, String pointer, Node reference) {
    Node at = from;
    if (pointer.isEmpty()) {
      return at;
    }
    for (String part : pointer.substring(1).split("/", -1)) {
      String key = part.replace("~1", "/").replace("~0", "~");
      Node next = at.field(key);
      if (at.isArray() && key.matches("\\d{1,6}") && Integer.parseInt(key) < at.items.size()) {
        next = at.items.get(Integer.parseInt(key));
      }
      if (next == null) {
        throw reference.refused("a pointer to something in this schema");
      }
      at = next;
    }
    return at;
  }
}
