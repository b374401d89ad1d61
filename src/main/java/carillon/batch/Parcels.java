package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Reply;
import carillon.task.RetryOn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/// The parcels of a batch, as they are kept in its folder. Of one thread.
final class Parcels implements AutoCloseable {
    private static final String PACKED = "packed";

    private final Workplace place;
    private final Bulk bulk;
    private final List<Parcel> all;

    // Of the pass over all rows: parcels that may hold the one whose turn it is.
    private final List<Unpacked> open = new ArrayList<>();
    private Optional<Deque<Parcel>> coming = Optional.empty();

    private Parcels(Workplace place, Bulk bulk, List<Parcel> all) {
        this.place = place;
        this.bulk = bulk;
        this.all = all;
    }

    /// Those that an earlier beginning has left in the folder.
    static Parcels open(Workplace place, Bulk bulk) throws IOException {
        requireNonNull(bulk, "bulk");
        var found = new ArrayList<Parcel>();
        for (int number = 0; ; number++) {
            var text = place.text(name(number));
            if (text.isEmpty()) {
                return new Parcels(place, bulk, found);
            }
            found.add(Parcel.read(text.get()));
        }
    }

    private static String name(int number) {
        return "parcel-" + number + ".json";
    }

    /// The lines of a parcel that is not full yet.
    Path box(int number) {
        return place.folder().resolve("box-" + number + ".jsonl");
    }

    /// The lines to hand in.
    Path lines(int number) {
        return place.folder().resolve("parcel-" + number + ".jsonl");
    }

    /// What came back.
    Path results(int number) {
        return place.folder().resolve("parcel-" + number + ".results");
    }

    /// What came back so far.
    Path fresh(int number) {
        return place.folder().resolve("parcel-" + number + ".fresh");
    }

    List<Parcel> all() {
        return List.copyOf(all);
    }

    int size() {
        return all.size();
    }

    List<Parcel> outstanding() {
        return all.stream().filter(Parcel::isOutstanding).toList();
    }

    /// Whether every row is in a parcel that is to be in one.
    boolean isPacked() throws IOException {
        return place.text(PACKED).isPresent();
    }

    void packed() throws IOException {
        place.replace(PACKED, "");
    }

    /// Keeps a parcel, or what became of it.
    void write(Parcel parcel) throws IOException {
        place.replace(name(parcel.number()), parcel.write());
        if (parcel.number() == all.size()) {
            all.add(parcel);
        } else {
            all.set(parcel.number(), parcel);
        }
    }

    /// What came back of a row. To be asked once for each row, in order.
    Optional<Unpacked.Answer> answer(long index, RowRules rules) throws IOException {
        var next = coming.orElseGet(this::here);
        coming = Optional.of(next);
        while (!next.isEmpty() && next.getFirst().first() <= index) {
            var unpacked = unpack(next.removeFirst(), rules);
            unpacked.ifPresent(open::add);
        }
        for (var each : List.copyOf(open)) {
            if (each.parcel().last() < index) {
                each.close();
                open.remove(each);
            }
        }
        for (var each : open) {
            if (each.parcel().holds(index)) {
                var answer = each.answer(index);
                var told = answer.<Reply>map(Unpacked.Answer::reply).orElse(UNANSWERED);
                bulk.told(each.model(), Parcel.name(index), told);
                return answer;
            }
        }
        return Optional.empty();
    }

    private static final Reply UNANSWERED =
            Reply.Failure.unsent("the provider has not answered it", RetryOn.OTHER);

    /// Takes the parcels of an earlier beginning into account.
    void account(Purse purse, RowRules rules, LongPredicate isDone) throws IOException {
        for (var parcel : all) {
            if (parcel.isOutstanding()) {
                purse.hold(parcel.held());
            } else if (parcel.stage() == Parcel.Stage.HERE) {
                var unpacked = unpack(parcel, rules);
                if (unpacked.isPresent()) {
                    purse.settle(0, unpacked.get().cost(isDone.negate()));
                    unpacked.get().close();
                }
            }
        }
    }

    private Deque<Parcel> here() {
        return all.stream()
                .filter(parcel -> parcel.stage() == Parcel.Stage.HERE)
                .sorted(Comparator.comparingLong(Parcel::first))
                .collect(Collectors.toCollection(ArrayDeque::new));
    }

    /// What is in a parcel that is here; empty when its model has gone.
    Optional<Unpacked> unpack(Parcel parcel, RowRules rules) throws IOException {
        var model = rules.find(parcel.model());
        return model.isPresent()
                ? Optional.of(Unpacked.open(parcel, results(parcel.number()), bulk, model.get()))
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        for (var each : open) {
            each.close();
        }
        open.clear();
    }
}
