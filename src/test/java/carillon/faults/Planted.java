package carillon.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.ToolProvider;

/// A bug that the servers under test are given, so that a test is seen to fail: one class of the
/// program, changed in one place, compiled, and put ahead of the others on their class path.
enum Planted {
    SYNCHRONOUS_NORMAL("store/SqliteDatabase", "SynchronousMode.FULL)", "SynchronousMode.NORMAL)"),
    CALLERS_CLOCK("store/LeaseClock", "case POSTGRESQL ->", "case POSTGRESQL -> callers; /*"),
    WRONG_CLOCKS_TAKE(
            "cluster/Node", "MAX_SKEW = Duration.ofSeconds(5)", "MAX_SKEW = Duration.ofDays(9000)"),
    NO_QUARANTINE("store/Rescue", ">= LeaseStore.MAX_RESCUES", ">= 1_000"),
    GAP_IGNORED(
            "schedule/WallClock",
            "boolean gapBefore(int i) {",
            "boolean gapBefore(int i) { i = 0;"),
    LOWEST_FIRST("store/SqlLeaseStore", "BY level.column1 DESC", "BY level.column1"),
    PLANS_LATE(
            "engine/Planner",
            "HORIZON = Duration.ofSeconds(1)",
            "HORIZON = Duration.ofMillis(-300)"),
    NONE_KEPT("engine/InFlight", "KEPT_SHARE = 10", "KEPT_SHARE = 1 << 30"),
    PRUNES_FEW("engine/Pruner", "MAX_BATCH = 500", "MAX_BATCH = 1"),
    NO_HOLD("engine/Membership", "this.held = held;", "this.held = false;"),
    NO_PATIENCE(
            "engine/Engine",
            "PATIENCE = Duration.ofSeconds(25)",
            "PATIENCE = Duration.ofMillis(1)");

    /// The class path of servers begins with what this system property says.
    static final String AHEAD = "carillon.faults.ahead";

    private final String source;
    private final String right;
    private final String wrong;

    Planted(String source, String right, String wrong) {
        this.source = source;
        this.right = right;
        this.wrong = wrong;
    }

    /// `synchronous-normal` names `SYNCHRONOUS_NORMAL`.
    static Planted named(String name) {
        return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    /// Makes the changed class in `folder`; servers started from now on have the bug.
    void plant(Path folder) throws IOException {
        var root = Path.of(System.getProperty("carillon.faults.root", "."));
        var text = Files.readString(root.resolve("src/main/java/carillon/" + source + ".java"));
        if (text.split(java.util.regex.Pattern.quote(right), -1).length != 2) {
            throw new IllegalStateException(source + " does not say once: " + right);
        }
        var changed = folder.resolve("source").resolve(source + ".java");
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, text.replace(right, wrong));
        var classes = folder.resolve("classes");
        Files.createDirectories(classes);
        var classPath = System.getProperty("java.class.path");
        var command =
                List.of(
                        "-proc:none",
                        "-implicit:none",
                        "-parameters",
                        "-cp",
                        classPath,
                        "-d",
                        classes.toString(),
                        changed.toString());
        int exit =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, command.toArray(String[]::new));
        if (exit != 0) {
            throw new IllegalStateException("the bug " + this + " does not compile");
        }
        System.setProperty(AHEAD, classes.toString());
    }
}
