package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// The limits that the compiler does not check.
final class TidyTest {
    private static final int MAX_METHOD_LINES = 60;
    private static final int MAX_PARAMETERS = 6;
    private static final int MAX_COMPONENTS = 8;
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_COLUMNS = 100;

    /// Names that say nothing.
    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*(Manager|Service|Helper|Util|Utils|Impl|Base|Info|DTO|Dto)");

    private final List<String> untidy = new ArrayList<>();

    @Test
    void the_source_is_tidy() throws IOException {
        List<Path> sources;
        try (var tree = Files.walk(Path.of("src"))) {
            sources = tree.filter(path -> path.toString().endsWith(".java")).toList();
        }
        assertThat(sources).hasSizeGreaterThan(100); // Or the limits below hold for nothing.
        for (var source : sources) {
            checkLines(source);
        }
        checkTrees(sources);
        assertThat(untidy).isEmpty();
    }

    @Test
    void every_package_says_what_it_is() throws IOException {
        try (var tree = Files.walk(Path.of("src/main/java"))) {
            var silent =
                    tree.filter(Files::isDirectory)
                            .filter(TidyTest::hasSources)
                            .filter(folder -> !Files.exists(folder.resolve("package-info.java")));
            assertThat(silent).isEmpty();
        }
    }

    private static boolean hasSources(Path folder) {
        try (var files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("listing " + folder, e);
        }
    }

    private void checkLines(Path source) throws IOException {
        var lines = Files.readAllLines(source);
        if (lines.size() > MAX_FILE_LINES) {
            untidy.add(source + ": more than " + MAX_FILE_LINES + " lines");
        }
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.contains("FIX" + "ME") || line.contains("TO" + "DO")) {
                untidy.add(source + ":" + (i + 1) + ": do it, or open an issue");
            }
            if (line.length() > MAX_COLUMNS && !line.startsWith("import ")) {
                untidy.add(source + ":" + (i + 1) + ": more than " + MAX_COLUMNS + " columns");
            }
        }
    }

    private void checkTrees(List<Path> sources) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var units = files.getJavaFileObjectsFromPaths(sources);
            var task =
                    (JavacTask)
                            compiler.getTask(
                                    Writer.nullWriter(),
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    units);
            var positions = Trees.instance(task).getSourcePositions();
            for (var unit : task.parse()) {
                new Scanner(unit, positions).scan(unit, null);
            }
        }
    }

    private final class Scanner extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        Scanner(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            if (EMPTY_NAME.matcher(type.getSimpleName()).matches()) {
                untidy.add(unit.getSourceFile().getName() + ": the name says nothing");
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            var lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, method));
            long last = lines.getLineNumber(positions.getEndPosition(unit, method));
            var where = unit.getSourceFile().getName() + ":" + first + " " + method.getName();
            if (last - first + 1 > MAX_METHOD_LINES) {
                untidy.add(where + ": more than " + MAX_METHOD_LINES + " lines");
            }
            boolean constructor = method.getName().contentEquals("<init>");
            int allowed = constructor && isRecord() ? MAX_COMPONENTS : MAX_PARAMETERS;
            if (method.getParameters().size() > allowed) {
                untidy.add(where + ": more than " + allowed + " parameters");
            }
            boolean visible = !method.getModifiers().getFlags().contains(Modifier.PRIVATE);
            if (visible && method.getName().toString().startsWith("_")) {
                untidy.add(where + ": a name begins with a letter");
            }
            return super.visitMethod(method, null);
        }

        private boolean isRecord() {
            return getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type
                    && type.getKind() == com.sun.source.tree.Tree.Kind.RECORD;
        }
    }
}
