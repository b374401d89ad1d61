package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.agent.TranscriptStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

abstract class TranscriptStoreContract extends StoreContract {
    TranscriptStoreContract(Fixture fixture) {
        super(fixture);
    }

    private TranscriptStore transcripts() {
        return stores().transcripts();
    }

    @Test
    void entries_come_back_in_their_order_and_the_first_of_a_number_stays() {
        transcripts().add(7, 1, "{\"b\":1}");
        transcripts().add(7, 0, "{\"a\":1}");
        transcripts().add(7, 1, "{\"c\":1}");
        transcripts().add(8, 0, "{}");
        assertThat(transcripts().read(7)).containsExactly("{\"a\":1}", "{\"b\":1}");
        assertThat(transcripts().read(9)).isEmpty();
    }

    @Test
    void a_part_of_a_transcript_begins_at_its_number_and_is_no_longer_than_wanted() {
        for (int entry = 0; entry < 5; entry++) {
            transcripts().add(11, entry, "{\"n\":" + entry + "}");
        }
        transcripts().add(12, 0, "{}");
        assertThat(transcripts().read(11, 0, 2)).containsExactly("{\"n\":0}", "{\"n\":1}");
        assertThat(transcripts().read(11, 3, 9)).containsExactly("{\"n\":3}", "{\"n\":4}");
        assertThat(transcripts().read(11, 5, 9)).isEmpty();
    }

    @Test
    void a_transcript_goes_with_its_task() {
        var task = Some.task(stores(), Some.definition("agent"));
        var run = Some.manualRun(stores(), task, NOON);
        assertThat(stores().leases().enqueue(List.of(run), Optional.empty())).isEmpty();
        transcripts().add(run.id().value(), 0, "{}");
        assertThat(stores().tasks().delete(task.id())).isTrue();
        assertThat(transcripts().read(run.id().value())).isEmpty();
    }
}
