package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Node;
import carillon.cluster.NodeStore;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every node store must do, whatever the database under it.
abstract class NodeStoreContract extends StoreContract {
    private static final Instant UNTIL = NOON.plusSeconds(30);

    private NodeStore nodes;

    NodeStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        nodes = stores().nodes();
    }

    @Test
    void each_life_has_an_epoch_above_all_earlier_ones() {
        var first = nodes.join("a", NOON, UNTIL);
        var other = nodes.join("b", NOON, UNTIL);
        var second = nodes.join("a", NOON, UNTIL);

        assertThat(other.epoch()).isGreaterThan(first.epoch());
        assertThat(second.epoch()).isGreaterThan(other.epoch());
        assertThat(nodes.nodes())
                .containsExactly(
                        new Node(other, NOON, UNTIL, true, Duration.ZERO),
                        new Node(second, NOON, UNTIL, true, Duration.ZERO));
    }

    @Test
    void epochs_are_not_used_again_when_nodes_are_forgotten() {
        var first = nodes.join("a", NOON, UNTIL);
        stores().leases().rescue(UNTIL, 10);
        assertThat(nodes.nodes()).isEmpty();

        assertThat(nodes.join("a", NOON, UNTIL).epoch()).isGreaterThan(first.epoch());
    }

    @Test
    void a_lease_is_renewed_until_it_has_run_out() {
        var holder = nodes.join("a", NOON, UNTIL);

        assertThat(nodes.renew(holder, UNTIL.minusMillis(1), UNTIL.plusSeconds(30))).isTrue();
        assertThat(nodes.nodes().getFirst().leaseUntil()).isEqualTo(UNTIL.plusSeconds(30));
        assertThat(nodes.renew(holder, UNTIL.plusSeconds(30), UNTIL.plusSeconds(60))).isFalse();
        assertThat(nodes.nodes().getFirst().leaseUntil()).isEqualTo(UNTIL.plusSeconds(30));
    }

    @Test
    void a_new_life_ends_the_earlier_one() {
        var first = nodes.join("a", NOON, UNTIL);
        nodes.join("a", NOON.plusSeconds(1), UNTIL);

        assertThat(nodes.renew(first, NOON.plusSeconds(2), UNTIL)).isFalse();
    }

    @Test
    void an_earlier_life_is_listed_while_it_still_holds_runs() {
        var first = nodes.join("a", NOON, UNTIL);
        var task = Some.task(stores(), Some.definition("one"));
        Some.leased(stores(), task, first, NOON);
        var second = nodes.join("a", NOON.plusSeconds(1), UNTIL);

        time().set(NOON.plusSeconds(1));
        assertThat(nodes.nodes())
                .containsExactly(
                        new Node(first, NOON, NOON.plusSeconds(1), false, Duration.ZERO),
                        new Node(second, NOON.plusSeconds(1), UNTIL, true, Duration.ZERO));
        stores().leases().rescue(NOON.plusSeconds(1), 10);
        assertThat(nodes.nodes()).extracting(Node::holder).containsExactly(second);
    }

    @Test
    void the_next_end_of_a_lease_is_that_of_the_first_life_that_has_not_been_ended() {
        assertThat(nodes.untilNextEnd(NOON)).isEmpty();
        nodes.join("a", NOON, UNTIL);
        var leaving = nodes.join("b", NOON, UNTIL.minusSeconds(5));

        assertThat(nodes.untilNextEnd(NOON))
                .contains(Duration.between(NOON, UNTIL).minusSeconds(5));
        nodes.leave(leaving);
        assertThat(nodes.untilNextEnd(UNTIL.plusSeconds(1))).contains(Duration.ofSeconds(-1));
    }

    @Test
    void who_leaves_has_no_lease_any_more() {
        var holder = nodes.join("a", NOON, UNTIL);
        nodes.leave(holder);

        assertThat(nodes.renew(holder, NOON, UNTIL)).isFalse();
        assertThat(nodes.nodes()).isEmpty();
    }
}
