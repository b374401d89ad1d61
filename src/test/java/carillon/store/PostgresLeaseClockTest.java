package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.NodeStore;
import carillon.run.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Leases are judged by the clock of the database, however wrong those of the nodes are.
@Timeout(120)
final class PostgresLeaseClockTest {
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration WRONG = Duration.ofHours(5);

    private Stores stores;
    private NodeStore nodes;
    private LeaseStore leases;

    @BeforeEach
    void open() {
        stores =
                Stores.open(
                        TestPostgres.newDatabase(),
                        Some.CODEC,
                        Some.LISTS,
                        _ -> {},
                        InstantSource.system());
        nodes = stores.nodes();
        leases = stores.leases();
    }

    @AfterEach
    void close() {
        stores.close();
    }

    private static Instant fast() {
        return Instant.now().plus(WRONG);
    }

    private static Instant slow() {
        return Instant.now().minus(WRONG);
    }

    @Test
    void a_node_with_a_wrong_clock_neither_loses_its_lease_nor_takes_those_of_others() {
        var fast = nodes.join("fast", fast(), fast().plus(LEASE));
        var slow = nodes.join("slow", slow(), slow().plus(LEASE));

        assertThat(leases.rescue(fast(), 10)).isEmpty();
        assertThat(nodes.nodes()).allMatch(node -> node.alive()).hasSize(2);
        assertThat(nodes.renew(fast, fast(), fast().plus(LEASE))).isTrue();
        assertThat(nodes.renew(slow, slow(), slow().plus(LEASE))).isTrue();
        assertThat(nodes.nodes())
                .allSatisfy(
                        node ->
                                assertThat(node.leaseUntil())
                                        .isBetween(
                                                Instant.now().minus(LEASE),
                                                Instant.now().plus(LEASE).plus(LEASE)));
        assertThat(nodes.nodes().getFirst().ahead()).isCloseTo(WRONG, Duration.ofMinutes(1));
        assertThat(nodes.nodes().getLast().ahead())
                .isCloseTo(WRONG.negated(), Duration.ofMinutes(1));
        assertThat(nodes.now(fast())).isBefore(Instant.now().plusSeconds(60));
    }

    @Test
    void a_lease_is_over_for_all_when_it_is_over_for_the_database() {
        var task = Some.task(stores, Some.definition("one"));
        var dead = nodes.join("dead", fast(), fast().plus(LEASE));
        Some.leased(stores, task, dead, slow());

        assertThat(leases.rescue(fast(), 10)).isEmpty();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> leases.rescue(slow(), 10), rescued -> rescued.size() == 1);
        assertThat(nodes.renew(dead, slow(), slow().plus(LEASE))).isFalse();
    }
}
