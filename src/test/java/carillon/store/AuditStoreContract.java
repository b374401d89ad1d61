package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.audit.Actor;
import carillon.audit.AuditEntry;
import carillon.audit.AuditQuery;
import carillon.audit.AuditStore;
import carillon.audit.AuditTrail;
import carillon.audit.AuditTrail.Verdict;
import carillon.audit.Change;
import carillon.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every audit log must do, whatever the database under it.
abstract class AuditStoreContract extends StoreContract {
    private static final Actor ADA = new Actor("ada", "192.0.2.7", "native", "req-1");

    private AuditStore audit;
    private AuditTrail trail;

    AuditStoreContract(Fixture fixture) {
        super(fixture);
    }

    @BeforeEach
    final void open() {
        audit = stores().audit();
        trail = new AuditTrail(audit);
        tamper("DELETE FROM audit");
        tamper(
                "UPDATE audit_ends SET anchor = 0, head = 0, anchor_hash = '%s', head_hash = '%s'"
                        .formatted(AuditEntry.GENESIS, AuditEntry.GENESIS));
    }

    private void tamper(String statement) {
        stores().database().write("tamper", all -> all.update(statement).execute());
    }

    private Task task(String name) {
        return ADA.doing(() -> Some.task(stores(), Some.definition(name)));
    }

    private void tasks(int number) {
        for (int i = 1; i <= number; i++) {
            task("task " + i);
        }
    }

    private List<String> actions() {
        return audit.after(0, 100).stream().map(entry -> entry.change().action()).toList();
    }

    @Test
    void a_change_is_told_with_who_asked_for_it_when_and_how() {
        var task = task("nightly");
        stores().tasks().setPaused(task.id(), true, NOON);

        var entries = audit.after(0, 10);

        assertThat(entries).hasSize(2);
        var created = entries.getFirst();
        assertThat(created.id()).isEqualTo(1);
        assertThat(created.at()).isEqualTo(NOON);
        assertThat(created.actor()).isEqualTo(ADA);
        assertThat(created.change())
                .isEqualTo(Change.of("task", "create", task.id(), "nightly", "version 1"));
        var paused = entries.getLast();
        assertThat(paused.actor()).isEqualTo(Actor.SERVER);
        assertThat(paused.change().action()).isEqualTo("task.pause");
        assertThat(trail.verify()).isEqualTo(new Verdict.Whole(2, 2, paused.hash()));
    }

    @Test
    void a_name_that_no_database_keeps_as_it_is_breaks_nothing() {
        task("night\0ly");
        task("nächtlich 🌙");

        assertThat(audit.after(0, 10))
                .extracting(entry -> entry.change().name())
                .containsExactly("night\uFFFDly", "nächtlich 🌙");
        assertThat(trail.verify()).isInstanceOf(Verdict.Whole.class);
    }

    @Test
    void what_changes_nothing_leaves_no_entry() {
        var task = task("once");
        var late = Some.version(task, 2, Some.definition("late"), NOON);

        assertThat(stores().tasks().addVersion(late, 7)).isFalse();
        assertThat(stores().tasks().setPaused(task.id(), false, NOON)).isTrue();
        assertThat(stores().keys().revoke(12345)).isFalse();
        assertThat(stores().tasks().delete(task.id())).isTrue();
        assertThat(stores().tasks().delete(task.id())).isFalse();

        assertThat(actions()).containsExactly("task.create", "task.delete");
    }

    @Test
    void a_write_that_fails_leaves_neither_change_nor_entry() {
        assertThatThrownBy(
                        () ->
                                stores().database()
                                        .write(
                                                "fail",
                                                all -> {
                                                    all.audit(
                                                            Change.of("task", "create", 1, "", ""));
                                                    throw new IllegalStateException("no");
                                                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(audit.after(0, 10)).isEmpty();
        assertThat(audit.ends().head()).isZero();
    }

    @Test
    void runs_are_told_of_when_somebody_asks_for_them_and_not_when_the_engine_does() {
        var task = task("manual");
        var run = Some.manualRun(stores(), task, NOON);
        stores().leases().enqueue(List.of(run), Optional.empty());
        var asked = Some.manualRun(stores(), task, NOON);
        ADA.doing(() -> stores().leases().enqueue(List.of(asked), Optional.empty()));
        stores().leases().cancel(run.id(), "replaced", NOON);
        ADA.doing(() -> stores().leases().cancel(asked.id(), "not wanted", NOON));

        assertThat(actions()).containsExactly("task.create", "run.create", "run.cancel");
        assertThat(audit.after(1, 10))
                .allSatisfy(
                        entry ->
                                assertThat(entry.change().target())
                                        .isEqualTo(asked.id().toString()));
    }

    @Test
    void many_writers_at_once_make_one_chain() throws Exception {
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                writers.execute(() -> tasks(25));
            }
        }

        assertThat(trail.verify())
                .isInstanceOfSatisfying(
                        Verdict.Whole.class, whole -> assertThat(whole.entries()).isEqualTo(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "actor", "address", "api", "request", "action", "kind", "target", "name", "detail"
            })
    void an_entry_that_was_changed_is_found(String column) {
        tasks(5);
        tamper("UPDATE audit SET " + column + " = 'x' WHERE id = 3");

        assertThat(trail.verify())
                .isInstanceOfSatisfying(
                        Verdict.Broken.class, broken -> assertThat(broken.id()).isEqualTo(3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 5})
    void an_entry_that_was_removed_is_found(long id) {
        tasks(5);
        tamper("DELETE FROM audit WHERE id = " + id);

        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(id, "the entry is missing"));
    }

    @Test
    void an_entry_that_was_written_anew_with_its_own_hash_is_found() {
        tasks(3);
        var before = audit.after(1, 1).getFirst();
        var newest = audit.after(2, 1).getFirst();
        var forged = AuditEntry.after(before.hash(), 3, newest.at(), Actor.SERVER, newest.change());
        tamper(
                "UPDATE audit SET actor = 'server', address = '', api = '', request = '',"
                        + " hash = '%s' WHERE id = 3".formatted(forged.hash()));

        assertThat(trail.verify())
                .isEqualTo(
                        new Verdict.Broken(3, "the newest entry is not the one that was written"));
    }

    @Test
    void entries_that_changed_places_are_found() {
        tasks(4);
        tamper("UPDATE audit SET id = 100 WHERE id = 2");
        tamper("UPDATE audit SET id = 2 WHERE id = 3");
        tamper("UPDATE audit SET id = 3 WHERE id = 100");

        assertThat(trail.verify())
                .isInstanceOfSatisfying(
                        Verdict.Broken.class, broken -> assertThat(broken.id()).isEqualTo(2));
    }

    @Test
    void what_is_older_than_a_year_is_forgotten_and_the_rest_still_holds() {
        tasks(3);
        time().set(NOON.plus(Duration.ofDays(200)));
        tasks(2);
        var now = NOON.plus(Duration.ofDays(366));

        assertThat(trail.prune(now, 2)).isEqualTo(2);
        assertThat(trail.prune(now, 2)).isEqualTo(1);
        assertThat(trail.prune(now, 2)).isZero();

        assertThat(audit.after(0, 10)).extracting(AuditEntry::id).containsExactly(4L, 5L);
        assertThat(trail.verify())
                .isInstanceOfSatisfying(
                        Verdict.Whole.class, whole -> assertThat(whole.entries()).isEqualTo(2));
        tamper("DELETE FROM audit WHERE id = 4");
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(4, "the entry is missing"));
    }

    @Test
    void the_list_is_filtered_and_goes_from_the_newest_on() {
        var first = task("first");
        time().set(NOON.plusSeconds(60));
        var second = task("second");
        stores().tasks().setPaused(second.id(), true, NOON);

        assertThat(ids(AuditQuery.all(2))).containsExactly(3L, 2L);
        assertThat(ids(query("ada", "", ""))).containsExactly(2L, 1L);
        assertThat(ids(query("", "task.pause", ""))).containsExactly(3L);
        assertThat(ids(query("", "", first.id().toString()))).containsExactly(1L);
        var early =
                new AuditQuery(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("task"),
                        Optional.empty(),
                        Optional.of(NOON),
                        Optional.of(NOON.plusSeconds(60)),
                        OptionalLong.of(3),
                        10);
        assertThat(ids(early)).containsExactly(1L);
    }

    private List<Long> ids(AuditQuery query) {
        return audit.list(query).stream().map(AuditEntry::id).toList();
    }

    private static AuditQuery query(String actor, String action, String target) {
        return new AuditQuery(
                Optional.of(actor).filter(text -> !text.isEmpty()),
                Optional.of(action).filter(text -> !text.isEmpty()),
                Optional.empty(),
                Optional.of(target).filter(text -> !text.isEmpty()),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                10);
    }
}
