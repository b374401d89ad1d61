package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import java.util.Base64;
import java.util.BitSet;

/// Rows that are handed in together, to one model. `rows` are counted from `first`; `mark` is known
/// to nobody else; `held` nanodollars are put aside for it until it is here; `id` is what its
/// provider calls it, once it has it.
record Parcel(
        int number,
        String model,
        String mark,
        long first,
        BitSet rows,
        long held,
        Stage stage,
        String id) {
    enum Stage {
        PACKED,
        HANDED_IN,
        HERE,
        /// Its rows are asked in another way.
        GIVEN_UP
    }

    Parcel {
        requireNonNull(model, "model");
        requireNonNull(mark, "mark");
        requireNonNull(rows, "rows");
        requireNonNull(stage, "stage");
        requireNonNull(id, "id");
    }

    boolean holds(long index) {
        return index >= first && index - first < rows.length() && rows.get((int) (index - first));
    }

    long last() {
        return first + rows.length() - 1;
    }

    boolean isOutstanding() {
        return stage == Stage.PACKED || stage == Stage.HANDED_IN;
    }

    Parcel handedIn(String as) {
        return new Parcel(number, model, mark, first, rows, held, Stage.HANDED_IN, as);
    }

    /// To be handed in once more, as another one.
    Parcel anew(String other) {
        return new Parcel(number, model, other, first, rows, held, Stage.PACKED, "");
    }

    Parcel at(Stage other) {
        return new Parcel(number, model, mark, first, rows, held, other, id);
    }

    /// The name of a row in it.
    static String name(long index) {
        return "row-" + index;
    }

    String write() {
        return Json.write(
                Json.object()
                        .put("number", number)
                        .put("model", model)
                        .put("mark", mark)
                        .put("first", first)
                        .put("rows", Base64.getEncoder().encodeToString(rows.toByteArray()))
                        .put("held", held)
                        .put("stage", stage.name())
                        .put("id", id));
    }

    static Parcel read(String text) {
        var json = Json.readObject(text);
        return new Parcel(
                json.path("number").asInt(),
                json.path("model").asText(),
                json.path("mark").asText(),
                json.path("first").asLong(),
                BitSet.valueOf(Base64.getDecoder().decode(json.path("rows").asText())),
                json.path("held").asLong(),
                Stage.valueOf(json.path("stage").asText()),
                json.path("id").asText());
    }
}
