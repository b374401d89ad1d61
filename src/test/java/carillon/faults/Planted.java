package carillon.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/// A bug that the servers under test are given, so that a test is seen to fail: a few classes of
/// the program, each changed in one place, compiled, and put ahead of the others on their class
/// path.
enum Planted {
    /// SQLite does not wait for the disk.
    SYNCHRONOUS_NORMAL(in("store/GroupCommit", "KEEPS(\"FULL\")", "KEEPS(\"NORMAL\")")),

    /// Clients are answered a while before what they are told is on disk.
    ACKNOWLEDGED_EARLY(
            in(
                    "store/GroupCommit",
                    "rowsChanged = control.rowsChanged();",
                    """
                    rowsChanged = control.rowsChanged();
                    together.forEach(Write::succeed);
                    java.util.concurrent.locks.LockSupport.parkNanos(300_000_000L);
                    """)),

    /// A statement that has failed, which the driver destroys, is used again.
    FAILED_KEPT(in("store/GroupCommit", "forget(text, e);", "")),

    /// What has been committed is on disk a while later.
    COMMITS_LATER(
            in(
                    "store/PostgresDatabase",
                    "SET idle_in_transaction_session_timeout = '5s'",
                    "SET synchronous_commit = off")),

    /// Nobody takes over what dead nodes held.
    NO_RESCUE(in("engine/Rescuer", "leases.rescue(now, MAX_BATCH)", "leases.rescue(now, 0)")),

    /// Each node judges leases by its own clock.
    CALLERS_CLOCK(
            in(
                    "store/LeaseClock",
                    "return switch (session.dialect())",
                    "return session != null ? callers : switch (session.dialect())")),

    /// A node works however wrong its clock is.
    WRONG_CLOCKS_TAKE(
            in(
                    "cluster/Node",
                    "MAX_SKEW = Duration.ofSeconds(5)",
                    "MAX_SKEW = Duration.ofDays(9000)")),

    /// Whoever has ended an attempt may write it, whose turn it may be by then.
    NO_FENCE(
            in(
                    "store/AttemptEnds",
                    "AND run.attempt = given.attempt AND run.node = given.node\n"
                            + "               AND run.epoch = given.epoch AND run.state",
                    "AND run.state")),

    /// A write that threw after its commit is taken for one that did nothing.
    THROWN_IS_UNDONE(in("engine/Supervisor", "releaseForgotten(now);", "")),
    MISFIRES_MISCOUNTED(
            in("task/MisfirePolicy", "case FIRE_ALL -> limit;", "case FIRE_ALL -> limit + 20;")),
    GAP_IGNORED(
            in(
                    "schedule/WallClock",
                    "boolean gapBefore(int i) {",
                    "boolean gapBefore(int i) { i = 0;")),
    LOWEST_FIRST(in("store/SqlLeaseStore", "BY level.column1 DESC", "BY level.column1")),
    PLANS_LATE(
            in(
                    "engine/Planner",
                    "HORIZON = Duration.ofSeconds(1)",
                    "HORIZON = Duration.ofMillis(-300)")),
    NONE_KEPT(in("engine/InFlight", "KEPT_SHARE = 10", "KEPT_SHARE = 1 << 30")),
    PRUNES_FEW(in("engine/Pruner", "MAX_BATCH = 500", "MAX_BATCH = 1")),
    NO_QUARANTINE(in("store/Rescue", ">= LeaseStore.MAX_RESCUES", ">= 1_000")),
    NO_HOLD(
            in(
                    "engine/Clockwork",
                    "boolean held = stores.nodes().isHeld();",
                    "boolean held = false;")),
    NO_PATIENCE(
            in(
                    "engine/Engine",
                    "PATIENCE = Duration.ofSeconds(25)",
                    "PATIENCE = Duration.ofMillis(1)"));

    /// The class path of servers begins with what this system property says.
    static final String AHEAD = "carillon.faults.ahead";

    @SuppressWarnings("ImmutableEnumChecker") // List.of() makes it.
    private final List<Change> changes;

    /// In that class, what stands there once is something else.
    private record Change(String source, String right, String wrong) {
        /// Writes the changed source into `folder`.
        Path write(Path folder) throws IOException {
            var root = Path.of(System.getProperty("carillon.faults.root", "."));
            var text = Files.readString(root.resolve("src/main/java/carillon/" + source + ".java"));
            if (text.split(Pattern.quote(right), -1).length != 2) {
                throw new IllegalStateException(source + " does not say once: " + right);
            }
            var changed = folder.resolve(source + ".java");
            Files.createDirectories(changed.getParent());
            return Files.writeString(changed, text.replace(right, wrong));
        }
    }

    Planted(Change... changes) {
        this.changes = List.of(changes);
    }

    private static Change in(String source, String right, String wrong) {
        return new Change(source, right, wrong);
    }

    /// `synchronous-normal` names `SYNCHRONOUS_NORMAL`.
    static Planted named(String name) {
        return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    /// Makes the changed classes in `folder`; servers started from now on have the bug.
    void plant(Path folder) throws IOException {
        var classes = Files.createDirectories(folder.resolve("classes"));
        var command =
                new ArrayList<>(
                        List.of(
                                "-proc:none",
                                "-implicit:none",
                                "-parameters",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                classes.toString()));
        for (var change : changes) {
            command.add(change.write(folder.resolve("source")).toString());
        }
        int exit =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, command.toArray(String[]::new));
        if (exit != 0) {
            throw new IllegalStateException("the bug " + this + " does not compile");
        }
        System.setProperty(AHEAD, classes.toString());
    }
}
