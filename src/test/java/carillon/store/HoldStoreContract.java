package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Hold;
import org.junit.jupiter.api.Test;

/// What holds all nodes, whatever the database under it.
abstract class HoldStoreContract extends StoreContract {
    /// As docs/operations.md says for PostgreSQL.
    private static final String BY_HAND =
            "INSERT INTO hold (one, since, reason) VALUES (1, %d, 'restored')"
                    .formatted(NOON.toEpochMilli());

    HoldStoreContract(Fixture fixture) {
        super(fixture);
    }

    @Test
    void what_is_held_by_hand_is_released_once_with_an_entry_in_the_audit_log() {
        var hold = stores().hold();
        assertThat(hold.find()).isEmpty();
        assertThat(stores().nodes().isHeld()).isFalse();

        stores().database().write("hold", all -> all.update(BY_HAND).execute());
        assertThat(hold.find()).hasValue(new Hold(NOON, "restored"));
        assertThat(stores().nodes().isHeld()).isTrue();

        assertThat(hold.release("all of it")).isTrue();
        assertThat(hold.release("all of it")).isFalse();
        assertThat(hold.find()).isEmpty();
        assertThat(stores().nodes().isHeld()).isFalse();
    }
}
