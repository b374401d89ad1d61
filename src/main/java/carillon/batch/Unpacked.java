package carillon.batch;

import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.ai.Spending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/// The answers in a parcel that is here. Where they stand is in memory; they themselves are not.
final class Unpacked implements AutoCloseable {
    /// Of a line, in bytes.
    private static final int MAX_LINE = 16 * 1024 * 1024;

    private final Parcel parcel;
    private final Bulk bulk;
    private final Model model;
    private final FileChannel file;
    private final Map<String, Place> places = new HashMap<>();

    private record Place(long offset, int length, Spending spending) {}

    /// An answer, and what it has cost.
    record Answer(Reply.Answer reply, Spending spending, String model) {
        String text() {
            return reply.text();
        }
    }

    private Unpacked(Parcel parcel, Bulk bulk, Model model, FileChannel file) {
        this.parcel = parcel;
        this.bulk = bulk;
        this.model = bulk.priced(model);
        this.file = file;
    }

    /// Of two lines for one row the first counts; lines for others are passed over.
    static Unpacked open(Parcel parcel, Path results, Bulk bulk, Model model) throws IOException {
        var unpacked = new Unpacked(parcel, bulk, model, FileChannel.open(results));
        unpacked.read(results);
        return unpacked;
    }

    private void read(Path results) throws IOException {
        long offset = 0;
        try (var lines = new ByteLines(Files.newInputStream(results), MAX_LINE)) {
            while (lines.read()) {
                if (lines.size() <= MAX_LINE) {
                    int length = (int) lines.size();
                    long begin = offset;
                    said(lines.bytes())
                            .ifPresent(
                                    said -> {
                                        if (said.reply() instanceof Reply.Answer answer) {
                                            var spending = model.spending(answer.tokens());
                                            var place = new Place(begin, length, spending);
                                            places.putIfAbsent(said.name(), place);
                                        }
                                    });
                }
                offset += lines.size() + 1;
            }
        }
    }

    private Optional<Bulk.Said> said(byte[] line) {
        return bulk.read(model, new String(line, StandardCharsets.UTF_8));
    }

    /// With what it costs here.
    Model model() {
        return model;
    }

    Parcel parcel() {
        return parcel;
    }

    /// What the answers to these rows have cost, in nanodollars.
    long cost(LongPredicate wanted) {
        return parcel.rows().stream()
                .mapToLong(row -> parcel.first() + row)
                .filter(wanted)
                .mapToObj(index -> Optional.ofNullable(places.get(Parcel.name(index))))
                .mapToLong(
                        place ->
                                place.map(each -> each.spending.costNanodollars().orElse(0))
                                        .orElse(0L))
                .sum();
    }

    Optional<Answer> answer(long index) throws IOException {
        var place = places.get(Parcel.name(index));
        if (place == null) {
            return Optional.empty();
        }
        var bytes = ByteBuffer.allocate(place.length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, place.offset + bytes.position()) < 0) {
                throw new IOException("the results of parcel " + parcel.number() + " are cut off");
            }
        }
        return said(bytes.array())
                .filter(said -> said.reply() instanceof Reply.Answer)
                .map(said -> (Reply.Answer) said.reply())
                .map(reply -> new Answer(reply, place.spending, model.name()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
