package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Limits;
import carillon.cluster.Holder;
import carillon.quota.Admission;
import carillon.quota.Ask;
import carillon.quota.Asker;
import carillon.quota.Left;
import carillon.quota.Pass;
import carillon.quota.Quota;
import carillon.quota.QuotaKey;
import carillon.quota.QuotaStore;
import carillon.quota.QuotaStore.Ending;
import carillon.quota.Told;
import carillon.run.RunId;
import carillon.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class QuotaStoreContract extends StoreContract {
    private static final QuotaKey KEY = new QuotaKey("key");
    private static final Ending ENDED = new Ending(OptionalLong.empty(), Told.NOTHING, true);
    private static final Duration LONG = Duration.ofSeconds(30);

    private QuotaStore quotas;
    private Task task;
    private Holder node;

    QuotaStoreContract(Fixture fixture) {
        super(fixture);
        quotas = fixture.stores().quotas();
    }

    @BeforeEach
    final void open() {
        quotas = stores().quotas();
        task = Some.task(stores(), Some.definition("one"));
        node = Some.join(stores(), "a");
    }

    private static Limits limits(long requests, long tokens, long calls) {
        return new Limits(limit(requests), limit(tokens), limit(calls));
    }

    private static OptionalLong limit(long value) {
        return value == 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /// A queued run that nobody holds.
    private Asker asker(int priority, Instant dueAt) {
        var run = Some.manualRun(stores(), task, dueAt, priority);
        stores().leases().enqueue(List.of(run), Optional.empty());
        return new Asker(run.id(), priority, dueAt, node);
    }

    private static Ask ask(Limits limits, Asker asker) {
        return new Ask(KEY, limits, 100, LONG, Optional.of(asker), true);
    }

    private Admission admit(Limits limits, Asker asker, Instant now) {
        return quotas.admit(ask(limits, asker), now);
    }

    private Pass go(Limits limits, Asker asker, Instant now) {
        return ((Admission.Go) admit(limits, asker, now)).pass();
    }

    private Instant turn(Limits limits, Asker asker, Instant now) {
        return ((Admission.Wait) admit(limits, asker, now)).until();
    }

    private Quota known() {
        return quotas.all().getOrDefault(KEY, Quota.UNKNOWN);
    }

    private Instant dueAt(RunId run) {
        return stores().runs().find(run).orElseThrow().dueAt();
    }

    /// The run is queued again and due at its turn, as a postponed one is.
    private void sleep(Asker asker, Instant until) {
        var lease = stores().leases().claimDue(node, 1, NOON.plusSeconds(10)).getFirst();
        assertThat(lease.run().id()).isEqualTo(asker.run());
        stores().leases().complete(List.of(Some.postponed(lease, NOON, until)));
    }

    @Test
    void requests_over_the_limit_wait_for_their_turn_in_order() {
        var limits = limits(2, 0, 0);
        go(limits, asker(5, NOON), NOON);
        go(limits, asker(5, NOON), NOON.plusSeconds(3));
        var later = asker(5, NOON.plusMillis(2));
        var sooner = asker(5, NOON.plusMillis(1));
        var higher = asker(7, NOON.plusMillis(3));
        var now = NOON.plusSeconds(4);
        assertThat(turn(limits, later, now)).isEqualTo(NOON.plusSeconds(61));
        assertThat(turn(limits, sooner, now)).isEqualTo(NOON.plusSeconds(61));
        assertThat(turn(limits, higher, now)).isEqualTo(NOON.plusSeconds(61));
        assertThat(turn(limits, sooner, now)).isEqualTo(NOON.plusSeconds(64));
        assertThat(turn(limits, later, now)).isEqualTo(NOON.plusSeconds(61 + 61));
        assertThat(quotas.find(KEY, now).waiting()).isEqualTo(3);

        go(limits, higher, NOON.plusSeconds(61));
        assertThat(quotas.find(KEY, now).waiting()).isEqualTo(2);
        assertThat(turn(limits, later, NOON.plusSeconds(61))).isAfter(NOON.plusSeconds(64));
        go(limits, sooner, NOON.plusSeconds(64));
    }

    @Test
    void a_run_keeps_its_place_although_its_due_time_moves() {
        var limits = limits(1, 0, 0);
        go(limits, asker(5, NOON), NOON);
        var first = asker(5, NOON.plusMillis(1));
        turn(limits, first, NOON);
        var moved = new Asker(first.run(), 5, NOON.plusSeconds(61), node);
        var second = asker(5, NOON.plusMillis(2));
        assertThat(turn(limits, second, NOON)).isEqualTo(NOON.plusSeconds(122));
        assertThat(turn(limits, moved, NOON)).isEqualTo(NOON.plusSeconds(61));
    }

    @Test
    void tokens_are_corrected_when_a_call_has_ended() {
        var limits = limits(0, 250, 0);
        var pass = go(limits, asker(5, NOON), NOON);
        go(limits, asker(5, NOON), NOON);
        assertThat(admit(limits, asker(5, NOON), NOON)).isInstanceOf(Admission.Wait.class);
        quotas.end(pass, new Ending(OptionalLong.of(10), Told.NOTHING, true), NOON);
        var load = quotas.find(KEY, NOON).load();
        assertThat(load.uses()).singleElement().extracting(use -> use.tokens()).isEqualTo(110L);
        go(limits, asker(9, NOON), NOON);
    }

    @Test
    void a_slot_comes_back_when_its_call_ends_and_wakes_the_first_who_waits() {
        var limits = limits(0, 0, 1);
        var pass = go(limits, asker(5, NOON.plusSeconds(4_000)), NOON);
        var waiting = asker(5, NOON);
        sleep(waiting, turn(limits, waiting, NOON).plusSeconds(100));
        assertThat(quotas.find(KEY, NOON).load().inFlight()).isEqualTo(1);

        assertThat(quotas.end(pass, ENDED, NOON.plusMillis(300))).isTrue();

        assertThat(dueAt(waiting.run())).isEqualTo(NOON.plusMillis(300));
        assertThat(quotas.find(KEY, NOON).load().inFlight()).isZero();
        go(limits, waiting, NOON.plusMillis(300));
    }

    @Test
    void a_slot_comes_back_when_its_node_dies_or_its_time_is_over() {
        var limits = limits(0, 0, 1);
        go(limits, asker(5, NOON), NOON);
        var other = Some.join(stores(), "b");
        var waiting = new Asker(asker(5, NOON).run(), 5, NOON, other);
        assertThat(admit(limits, waiting, NOON)).isInstanceOf(Admission.Wait.class);
        stores().nodes().leave(node);
        go(limits, waiting, NOON.plusSeconds(1));
        var third = new Asker(asker(5, NOON).run(), 5, NOON, other);
        assertThat(admit(limits, third, NOON.plusSeconds(2))).isInstanceOf(Admission.Wait.class);
        go(limits, third, NOON.plusSeconds(42));
    }

    @Test
    void a_refusal_pauses_everybody_and_the_refused_run_is_the_first_to_go_on() {
        var first = asker(5, NOON);
        var pass = Pass.uncounted(ask(Limits.NONE, first), NOON);
        var asked = Optional.of(Duration.ofSeconds(7));
        var until = quotas.refuse(pass, Told.NOTHING, asked, NOON.plusMillis(10));
        assertThat(until).isEqualTo(NOON.plusMillis(7_010));
        var second = asker(5, NOON.plusMillis(1));
        assertThat(turn(Limits.NONE, second, NOON.plusSeconds(1))).isAfter(until);
        assertThat(known().binds(NOON)).isTrue();
        var probe = go(Limits.NONE, first, until);
        assertThat(admit(Limits.NONE, second, until)).isInstanceOf(Admission.Wait.class);
        quotas.end(probe, ENDED, until.plusMillis(5));
        go(Limits.NONE, second, until.plusMillis(5));
    }

    @Test
    void what_a_provider_tells_is_known_to_all() {
        var left = new Left(0, NOON.plusSeconds(9));
        quotas.learn(KEY, Limits.NONE, new Told(limits(60, 9_000, 0), left, Left.UNKNOWN), NOON);
        var known = known();
        assertThat(known).isEqualTo(quotas.find(KEY, NOON).quota());
        assertThat(known.learned()).isEqualTo(limits(60, 9_000, 0));
        assertThat(known.requestsLeft()).isEqualTo(left);
        assertThat(turn(Limits.NONE, asker(5, NOON), NOON)).isEqualTo(NOON.plusSeconds(9));
    }

    @Test
    void runs_that_wait_longer_than_they_need_to_are_woken_and_ended_ones_forgotten() {
        var limits = limits(0, 0, 1);
        var pass = go(limits, asker(5, NOON.plusSeconds(4_000)), NOON);
        var gone = asker(7, NOON);
        sleep(gone, turn(limits, gone, NOON).plusSeconds(100));
        var waiting = asker(5, NOON);
        sleep(waiting, turn(limits, waiting, NOON).plusSeconds(100));
        assertThat(quotas.wake(NOON.plusSeconds(1))).isFalse();
        stores().leases().cancel(gone.run(), "enough", NOON);
        stores().nodes().leave(node);

        assertThat(quotas.wake(NOON.plusSeconds(2))).isTrue();
        assertThat(dueAt(waiting.run())).isEqualTo(NOON.plusSeconds(2));
        assertThat(quotas.find(KEY, NOON).waiting()).isEqualTo(1);
        assertThat(quotas.wake(NOON.plusSeconds(3))).isFalse();
        assertThat(pass.isCounted()).isTrue();
    }

    @Test
    void a_call_of_no_run_takes_what_those_who_wait_do_not_need() {
        var limits = limits(2, 0, 0);
        var alone = new Ask(KEY, limits, 1, LONG, Optional.empty(), false);
        assertThat(quotas.admit(alone, NOON)).isInstanceOf(Admission.Go.class);
        go(limits, asker(5, NOON), NOON.plusSeconds(10));
        turn(limits, asker(5, NOON), NOON.plusSeconds(10));
        assertThat(quotas.admit(alone, NOON.plusSeconds(62))).isInstanceOf(Admission.Wait.class);
        assertThat(quotas.admit(alone, NOON.plusSeconds(72))).isInstanceOf(Admission.Go.class);
        assertThat(quotas.find(KEY, NOON).waiting()).isEqualTo(1);
    }

    @Test
    void quotas_that_nobody_uses_are_forgotten() {
        go(limits(5, 5, 5), asker(5, NOON), NOON);
        quotas.prune(NOON);
        assertThat(quotas.all()).containsOnlyKeys(KEY);
        quotas.prune(NOON.plusSeconds(90));
        assertThat(quotas.all()).isEmpty();
        assertThat(quotas.find(KEY, NOON).quota()).isEqualTo(Quota.UNKNOWN);
        assertThat(quotas.find(KEY, NOON).load().inFlight()).isZero();
    }

    /// A run that waits, and when it asks again.
    private record Sleeper(Asker asker, Instant until) {}

    @Test
    void runs_behind_sixty_requests_a_minute_go_in_order_with_few_questions() {
        var limits = limits(60, 0, 0);
        var byTurn =
                Comparator.comparing(Sleeper::until)
                        .thenComparingInt(one -> -one.asker.priority())
                        .thenComparingLong(one -> one.asker.run().value());
        var asleep = new PriorityQueue<>(byTurn);
        for (int i = 0; i < 300; i++) {
            var run = new RunId(1_000 + i);
            asleep.add(new Sleeper(new Asker(run, i % 3, NOON, node), NOON));
        }
        var gone = new ArrayList<Asker>();
        int questions = 0;
        while (!asleep.isEmpty()) {
            var next = asleep.remove();
            questions++;
            switch (admit(limits, next.asker, next.until)) {
                case Admission.Go _ -> gone.add(next.asker);
                case Admission.Wait(var until) -> asleep.add(new Sleeper(next.asker, until));
            }
        }
        assertThat(questions).isLessThan(700);
        assertThat(gone.stream().map(Asker::priority))
                .isSortedAccordingTo(Comparator.reverseOrder());
    }
}
