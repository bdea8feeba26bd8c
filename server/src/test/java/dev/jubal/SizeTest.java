package dev.jubal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No file, method, list of parameters or package outgrows a reader. Prints how large they are. */
final class SizeTest {
  private static final int FILE_LINES = 600;
  private static final int METHOD_LINES = 60;
  private static final int PARAMETERS = 7;
  private static final int PACKAGE_FILES = 30;

  private static final List<Path> MAIN =
      List.of(Path.of("src/main/java"), Path.of("../llama/src/main/java"));
  private static final List<Path> TESTS =
      List.of(Path.of("src/test/java"), Path.of("../llama/src/test/java"));

  private final List<String> tooLarge = new ArrayList<>();
  private final List<Integer> methodLines = new ArrayList<>();

  @Test
  void nothingOutgrowsAReader() throws IOException {
    List<Path> main = sources(MAIN);
    assertTrue(main.size() > 50, "found " + main.size() + " sources (expected: all of them)");
    List<Integer> fileLines = files(main);
    files(sources(TESTS));
    packages(main);
    methods(main);
    System.out.printf(
        "sizes: %d files, median %d, p90 %d, max %d lines; %d methods, median %d, p90 %d, max %d%n",
        fileLines.size(),
        at(fileLines, 0.5),
        at(fileLines, 0.9),
        at(fileLines, 1),
        methodLines.size(),
        at(methodLines, 0.5),
        at(methodLines, 0.9),
        at(methodLines, 1));
    assertEquals(List.of(), tooLarge);
  }

  private List<Integer> files(List<Path> sources) throws IOException {
    List<Integer> lines = new ArrayList<>();
    for (Path file : sources) {
      int count = Files.readAllLines(file, StandardCharsets.UTF_8).size();
      lines.add(count);
      limit(file.toString(), "lines", count, FILE_LINES);
    }
    return lines;
  }

  private void packages(List<Path> sources) {
    Map<Path, Integer> files = new TreeMap<>();
    sources.forEach(f -> files.merge(f.getParent(), 1, Integer::sum));
    files.forEach((folder, count) -> limit(folder.toString(), "files", count, PACKAGE_FILES));
  }

  private void methods(List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Measure(unit, positions).scan(unit, null);
      }
    }
  }

  /** Visits methods; the components of a record are a value's fields and not counted. */
  private final class Measure extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private String type = "";
    private boolean inRecord;

    Measure(CompilationUnitTree unit, SourcePositions positions) {
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
      String outer = type;
      boolean outerRecord = inRecord;
      type = tree.getSimpleName().toString();
      inRecord = tree.getKind() == Tree.Kind.RECORD;
      super.visitClass(tree, null);
      type = outer;
      inRecord = outerRecord;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
      long start = positions.getStartPosition(unit, tree);
      long end = positions.getEndPosition(unit, tree);
      if (start >= 0 && end > start) {
        int lines = (int) (line(end) - line(start) + 1);
        methodLines.add(lines);
        String name = type + "." + tree.getName();
        limit(name, "lines", lines, METHOD_LINES);
        if (!inRecord || !tree.getName().contentEquals("<init>")) {
          limit(name, "parameters", tree.getParameters().size(), PARAMETERS);
        }
      }
      return super.visitMethod(tree, null);
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }
  }

  private void limit(String what, String unit, int count, int most) {
    if (count > most) {
      tooLarge.add(what + " has " + count + " " + unit + " (expected: at most " + most + ")");
    }
  }

  private static List<Path> sources(List<Path> roots) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path root : roots) {
      if (Files.isDirectory(root)) {
        try (Stream<Path> files = Files.walk(root)) {
          files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(found::add);
        }
      }
    }
    return found;
  }

  private static int at(List<Integer> values, double share) {
    List<Integer> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.round(share * sorted.size())));
  }
}
