package dev.jubal.docs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * docs/generated/licences.md: the jars of the class path and what their POMs, which lie beside them
 * in Maven's local repository, say about their licence.
 */
public final class LicencesPage {
  /** Jars that Maven picks by the machine it runs on; their project stands in the list anyway. */
  private static final Pattern PER_MACHINE = Pattern.compile("native-(linux|osx|windows).*");

  private LicencesPage() {}

  /** One row a project; jars of one project and version that differ by classifier are one. */
  public static String text(String classPath) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String entry : classPath.split(Pattern.quote(File.pathSeparator))) {
      Path jar = Path.of(entry);
      boolean ours = String.valueOf(jar.getFileName()).startsWith("jubal-");
      if (jar.toString().endsWith(".jar") && !ours) {
        add(jar, rows);
      }
    }
    Table jars = new Table("library", "licence");
    rows.forEach((name, licence) -> jars.row(name, licence));
    Table fetched =
        new Table("artefact", "licence", "how it comes")
            .row("llama.cpp (libllama, libggml)", "MIT", "fetched by the first start")
            .row("SmolLM2-135M-Instruct, weights", "Apache-2.0", "fetched by the first start")
            .row("bge-small-en-v1.5, weights", "MIT", "inside a jar");
    return """
    # Licences

    Jubal itself: Apache-2.0. What it runs on:

    """
        + fetched
        + "\nLibraries of the build, those of its tests among them:\n\n"
        + jars;
  }

  private static void add(Path jar, Map<String, String> rows) throws IOException {
    Path folder = above(jar.toAbsolutePath());
    String version = String.valueOf(folder.getFileName());
    String artifact = String.valueOf(above(folder).getFileName());
    Path pom = folder.resolve(artifact + "-" + version + ".pom");
    if (PER_MACHINE.matcher(artifact).matches()) {
      return;
    }
    if (!Files.exists(pom)) {
      throw new IOException(jar + " has no POM beside it (expected: a local Maven repository)");
    }
    Element project = parse(pom);
    String group =
        child(project, "groupId")
            .or(() -> element(project, "parent").flatMap(p -> child(p, "groupId")))
            .orElse("");
    Path repository = above(above(folder));
    for (int i = 0; i < group.split("\\.", -1).length; i++) {
      repository = above(repository);
    }
    rows.put(group + ":" + artifact + " " + version, licence(project, repository));
  }

  private static Path above(Path path) {
    return Objects.requireNonNull(path.getParent(), () -> path + " is not in a repository");
  }

  private static String licence(Element project, Path repository) throws IOException {
    Optional<Element> own = element(project, "licenses");
    if (own.isPresent()) {
      List<String> names = new ArrayList<>();
      for (Node n = own.get().getFirstChild(); n != null; n = n.getNextSibling()) {
        if (n instanceof Element e) {
          names.add(spdx(child(e, "name").or(() -> child(e, "url")).orElse("unnamed")));
        }
      }
      return String.join(" or ", names.stream().distinct().toList());
    }
    Element parent =
        element(project, "parent")
            .orElseThrow(() -> new IOException("no licence in " + child(project, "artifactId")));
    String artifact = child(parent, "artifactId").orElse("");
    String version = child(parent, "version").orElse("");
    Path pom =
        repository
            .resolve(child(parent, "groupId").orElse("").replace('.', '/'))
            .resolve(artifact)
            .resolve(version)
            .resolve(artifact + "-" + version + ".pom");
    return licence(parse(pom), repository);
  }

  private static String spdx(String name) {
    String n = name.toLowerCase(java.util.Locale.ROOT);
    if (n.contains("apache")) {
      return "Apache-2.0";
    }
    if (n.startsWith("edl")) {
      return "BSD-3-Clause";
    }
    if (n.startsWith("gpl2 w/ cpe")) {
      return "GPL-2.0 with classpath exception";
    }
    if (n.contains("lgpl") || n.contains("lesser")) {
      return "LGPL-2.1-or-later";
    }
    if (n.contains("bsd") && (n.contains("2") || n.contains("simplified"))) {
      return "BSD-2-Clause";
    }
    if (n.contains("bsd")) {
      return "BSD-3-Clause";
    }
    if (n.contains("eclipse") || n.contains("epl")) {
      return n.contains("1.0") ? "EPL-1.0" : "EPL-2.0";
    }
    if (n.contains("mit-0")) {
      return "MIT-0";
    }
    return n.contains("mit") ? "MIT" : name;
  }

  private static Element parse(Path pom) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(pom + " cannot be read", e);
    }
  }

  private static Optional<String> child(Element parent, String name) {
    return element(parent, name).map(e -> e.getTextContent().strip());
  }

  private static Optional<Element> element(Element parent, String name) {
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element e && e.getTagName().equals(name)) {
        return Optional.of(e);
      }
    }
    return Optional.empty();
  }
}
