package carillon.batch;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds ids and idempotency keys that several rows have, in constant memory: 128 bits of a SHA-256
/// of each are spread over files by their first byte, and each file is sorted by itself. Two texts
/// with the same 128 bits do not occur, not even on purpose.
final class Repeats implements AutoCloseable {
    /// What is compared.
    enum Kind {
        ID(Column.ID, 0),
        KEY(Column.IDEMPOTENCY_KEY, 1);

        private final Column column;

        /// How it is written in a file.
        private final int bit;

        Kind(Column column, int bit) {
            this.column = column;
            this.bit = bit;
        }

        String word() {
            return column.word();
        }
    }

    /// Hears of each row that has what an earlier one has.
    @FunctionalInterface
    interface Found {
        void repeated(long row, long earlier, Kind kind);
    }

    private record Entry(long high, long low, long row) {
        private static final Comparator<Entry> ORDER =
                Comparator.comparingLong(Entry::high)
                        .thenComparingLong(Entry::low)
                        .thenComparingLong(Entry::row);

        boolean isSame(Entry other) {
            return high == other.high && low == other.low;
        }
    }

    private static final int PARTS = 256;
    private static final int ENTRY = 3 * Long.BYTES;
    private static final int ENTRIES_BUFFERED = 300;

    private final Path folder;
    private final ByteBuffer[] buffers = new ByteBuffer[PARTS];
    private final boolean[] spilled = new boolean[PARTS];

    /// Makes files in `folder` when it needs them.
    Repeats(Path folder) {
        this.folder = folder;
        for (int i = 0; i < PARTS; i++) {
            buffers[i] = ByteBuffer.allocate(ENTRIES_BUFFERED * ENTRY);
        }
    }

    void add(Kind kind, String text, long row) {
        var digest = Blocks.sha256();
        digest.update((byte) kind.bit);
        var hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
        int part = hash[0] & 0xff;
        var buffer = buffers[part];
        if (buffer.remaining() < ENTRY) {
            spill(part, buffer);
        }
        buffer.put(hash, 0, 2 * Long.BYTES).putLong((row << 1) | kind.bit);
    }

    private Path file(int part) {
        return folder.resolve("repeats-" + part);
    }

    private void spill(int part, ByteBuffer buffer) {
        try {
            Files.createDirectories(folder);
            try (var file =
                    Files.newByteChannel(
                            file(part), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    int written = file.write(buffer);
                    assert written > 0;
                }
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        buffer.clear();
        spilled[part] = true;
    }

    private BatchException unwritable(IOException e) {
        return new BatchException(
                BatchEnd.Cause.OUTPUT,
                "could not write to " + folder + " while looking for repeated ids: " + words(e),
                e);
    }

    /// What an error of the file system says, for people.
    static String words(IOException e) {
        var said = String.valueOf(e.getMessage());
        return said.contains("No space left") ? "the disk is full" : e.getClass().getSimpleName();
    }

    void find(Found found) {
        for (int part = 0; part < PARTS; part++) {
            var entries = entries(part);
            if (allDiffer(entries)) {
                continue;
            }
            entries.sort(Entry.ORDER);
            Entry first = new Entry(0, 0, 0);
            for (int i = 0; i < entries.size(); i++) {
                var entry = entries.get(i);
                if (i > 0 && entry.isSame(first)) {
                    var kind = (entry.row & 1) == Kind.ID.bit ? Kind.ID : Kind.KEY;
                    found.repeated(entry.row >>> 1, first.row >>> 1, kind);
                } else {
                    first = entry;
                }
            }
        }
    }

    /// Whether not even the first halves repeat, which is nearly always so and quick to see.
    private static boolean allDiffer(List<Entry> entries) {
        var halves = entries.stream().mapToLong(Entry::high).sorted().toArray();
        for (int i = 1; i < halves.length; i++) {
            if (halves[i] == halves[i - 1]) {
                return false;
            }
        }
        return true;
    }

    private List<Entry> entries(int part) {
        var entries = new ArrayList<Entry>();
        var rest = buffers[part].duplicate().flip();
        while (rest.hasRemaining()) {
            entries.add(new Entry(rest.getLong(), rest.getLong(), rest.getLong()));
        }
        if (!spilled[part]) {
            return entries;
        }
        try (var in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file(part))))) {
            for (long left = Files.size(file(part)) / ENTRY; left > 0; left--) {
                entries.add(new Entry(in.readLong(), in.readLong(), in.readLong()));
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        return entries;
    }

    /// Deletes the files.
    @Override
    public void close() {
        try {
            for (int part = 0; part < PARTS; part++) {
                if (spilled[part]) {
                    Files.deleteIfExists(file(part));
                }
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }
}
