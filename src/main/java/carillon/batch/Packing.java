package carillon.batch;

import carillon.ai.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongPredicate;

/// Puts rows into parcels, one after the other, until there is no money for more.
final class Packing {
    static final int MAX_ROWS = 10_000;

    /// Of all lines of a parcel, in bytes, but for its last.
    private static final long MAX_BYTES = 8L * 1024 * 1024;

    private final Parcels parcels;
    private final Bulk bulk;
    private final Purse purse;
    private final LongPredicate isDone;
    private final Map<String, Box> boxes = new LinkedHashMap<>();
    private final List<Parcel> earlier;
    private int boxed;

    Packing(Parcels parcels, Bulk bulk, Purse purse, LongPredicate isDone) {
        this.parcels = parcels;
        this.bulk = bulk;
        this.purse = purse;
        this.isDone = isDone;
        this.earlier = parcels.all();
    }

    /// A parcel that is open for more rows of its model.
    private static final class Box implements AutoCloseable {
        private final long first;
        private final BitSet rows = new BitSet();
        private final Path path;
        private final GrowingFile lines;
        private long held;

        private Box(long first, Path path) throws IOException {
            this.first = first;
            this.path = path;
            this.lines = GrowingFile.open(path, 0);
        }

        private boolean isFull() {
            return rows.cardinality() >= MAX_ROWS || lines.length() >= MAX_BYTES;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /// Packs all rows that ask something, are not answered yet, and are in no parcel. Returns false
    /// when there was no money for all.
    boolean pack(Rows rows, Crew.Known known) throws IOException, InterruptedException {
        try {
            boolean whole = true;
            long index = 0;
            for (var next = rows.next(); next.isPresent(); next = rows.next()) {
                long current = index++;
                if (!(next.get() instanceof RowReading.Good(var row))
                        || known.answered().line(row).isPresent()
                        || known.repeated().get((int) row.number())
                        || isDone.test(current)
                        || isPacked(current)) {
                    continue;
                }
                whole = pack(current, row, known.rules());
                if (!whole) {
                    break;
                }
            }
            for (var entry : boxes.entrySet()) {
                send(entry.getKey(), entry.getValue());
            }
            parcels.packed();
            return whole;
        } finally {
            for (var box : boxes.values()) {
                box.close();
            }
        }
    }

    private boolean isPacked(long index) {
        return earlier.stream().anyMatch(parcel -> parcel.holds(index));
    }

    /// Returns false when there is no money for it.
    private boolean pack(long index, Row row, RowRules rules)
            throws IOException, InterruptedException {
        var model = rules.modelFor(row.choices().model()).flatMap(rules::find);
        if (model.isEmpty() || !bulk.takes(model.get())) {
            return true;
        }
        var priced = bulk.priced(model.get());
        long estimate = Purse.estimate(priced, row);
        if (!purse.reserveNow(estimate)) {
            return false;
        }
        var name = Parcel.name(index);
        if (!bulk.reserve(priced, row, name)) {
            purse.settle(estimate, 0);
            return false;
        }
        add(index, row, model.get(), estimate);
        return true;
    }

    private void add(long index, Row row, Model model, long estimate) throws IOException {
        var box = boxes.get(model.name());
        if (box == null) {
            box = new Box(index, parcels.box(boxed++));
            boxes.put(model.name(), box);
        }
        var line = bulk.line(model, row, Parcel.name(index)) + "\n";
        box.lines.append(line.getBytes(StandardCharsets.UTF_8));
        box.rows.set((int) (index - box.first));
        box.held += estimate;
        if (box.isFull()) {
            send(model.name(), box);
            box.close();
            boxes.remove(model.name());
        }
    }

    private void send(String model, Box box) throws IOException {
        box.lines.force();
        int number = parcels.size();
        Files.move(box.path, parcels.lines(number), StandardCopyOption.REPLACE_EXISTING);
        parcels.write(
                new Parcel(
                        number,
                        model,
                        UUID.randomUUID().toString(),
                        box.first,
                        box.rows,
                        box.held,
                        Parcel.Stage.PACKED,
                        ""));
    }
}
