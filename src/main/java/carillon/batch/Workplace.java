package carillon.batch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;

/// The folder beside an output, `NAME.EXT.batch`, where a batch keeps what it has done until it is
/// whole. One process at a time has it.
final class Workplace implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String PLAN = "plan.json";
    private static final String WHOLE = "whole";

    private final Path output;
    private final Path folder;
    private final FileChannel lock;

    private Workplace(Path output, Path folder, FileChannel lock) {
        this.output = output;
        this.folder = folder;
        this.lock = lock;
    }

    static boolean isUnfinished(Path output) {
        return Files.exists(folderOf(output).resolve(PLAN));
    }

    static Path folderOf(Path output) {
        return output.resolveSibling(output.getFileName() + ".batch");
    }

    /// `NAME.failed.EXT`, beside `NAME.EXT`.
    static Path failuresOf(Path output, Format format) {
        var name = String.valueOf(output.getFileName());
        int stem = name.length() - format.ending().length();
        return output.resolveSibling(name.substring(0, stem) + ".failed" + name.substring(stem));
    }

    /// Throws [BatchException] when another process has it.
    static Workplace take(Path output) throws IOException {
        var folder = folderOf(output);
        Files.createDirectories(folder);
        var channel =
                FileChannel.open(
                        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            throw new BatchException(
                    BatchEnd.Cause.TAKEN, "another process is at work on " + output);
        }
        return new Workplace(output, folder, channel);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // Held by this very process.
        }
    }

    Path folder() {
        return folder;
    }

    Path results() {
        return folder.resolve("results");
    }

    Path failures() {
        return folder.resolve("failures");
    }

    Path journal(long number) {
        return folder.resolve("journal-" + number);
    }

    /// What was begun here; empty when nothing was asked yet.
    Optional<Plan> plan() throws IOException {
        return text(PLAN).map(Plan::read);
    }

    void begin(Plan plan, BitSet repeated) throws IOException {
        Files.write(folder.resolve("repeated"), repeated.toByteArray());
        sync(folder.resolve("repeated"));
        replace(PLAN, plan.write());
    }

    BitSet repeated() throws IOException {
        return BitSet.valueOf(Files.readAllBytes(folder.resolve("repeated")));
    }

    Optional<Checkpoint> checkpoint() throws IOException {
        return text("checkpoint.json").map(Checkpoint::read);
    }

    void write(Checkpoint checkpoint) throws IOException {
        replace("checkpoint.json", checkpoint.write());
    }

    Optional<String> text(String name) throws IOException {
        var file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /// The file has the old text or the new one, whatever happens.
    void replace(String name, String text) throws IOException {
        var fresh = folder.resolve(name + ".new");
        Files.writeString(fresh, text, StandardCharsets.UTF_8);
        sync(fresh);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        syncFolder(folder);
    }

    static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void syncFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Whether all rows had been done, and only the files had not been put in their places.
    boolean isWhole() {
        return Files.exists(folder.resolve(WHOLE));
    }

    /// Puts the files in their places: the output last, so that where it is, all is. What tells
    /// that it is whole stays until [#clear].
    void finish(Format format, boolean anyFailed) throws IOException {
        replace(WHOLE, "");
        var beside = failuresOf(output, format);
        if (anyFailed) {
            move(failures(), beside);
        } else {
            Files.deleteIfExists(beside);
        }
        move(results(), output);
        syncFolder(folder.toAbsolutePath().resolveSibling("."));
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(
                    from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Forgets all that was done here, and goes.
    void clear() throws IOException {
        empty();
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(folder);
    }

    /// Forgets all that was done here. What is left without a plan is nothing.
    void empty() throws IOException {
        Files.deleteIfExists(folder.resolve(WHOLE));
        Files.deleteIfExists(folder.resolve(PLAN));
        try (var files = Files.list(folder)) {
            for (var path : files.toList()) {
                if (!path.endsWith(LOCK)) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
