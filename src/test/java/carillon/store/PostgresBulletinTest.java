package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Bulletin;
import carillon.cluster.Bulletin.Kind;
import carillon.cluster.Bulletin.Notice;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two nodes that tell each other something over one database.
@Timeout(120)
final class PostgresBulletinTest {
    private static final String LISTENERS =
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'carillon listens'"
                    + " AND datname = current_database()";

    private final Queue<Notice> heard = new ConcurrentLinkedQueue<>();
    private final Queue<Notice> heardByTeller = new ConcurrentLinkedQueue<>();
    private StoreSettings.Postgres settings;
    private Stores one;
    private Stores other;
    private Bulletin teller;

    @BeforeEach
    void open() throws Exception {
        settings = TestPostgres.newDatabase();
        one = open(settings);
        other = open(settings);
        teller = one.bulletin();
        teller.follow(heardByTeller::add);
        other.bulletin().follow(heard::add);
        awaitListeners();
    }

    private static Stores open(StoreSettings settings) {
        return Stores.open(settings, Some.CODEC, Some.LISTS, InstantSource.system());
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    private void awaitListeners() {
        Awaitility.await().until(() -> count("SELECT count(*) FROM (" + LISTENERS + ") l") == 2);
    }

    private long count(String query) throws Exception {
        try (var connection =
                        DriverManager.getConnection(
                                settings.url(), settings.user(), settings.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void awaitHeard(Notice notice) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> heard.contains(notice));
    }

    @Test
    void others_hear_what_one_tells_and_it_does_not_hear_itself() {
        for (int i = 1; i <= 1_000; i++) {
            teller.tell(new Notice(Kind.ENDED, i, 7));
        }
        teller.tell(new Notice(Kind.CANCELLED, Long.MAX_VALUE / 10, 0));

        awaitHeard(new Notice(Kind.CANCELLED, Long.MAX_VALUE / 10, 0));
        assertThat(heard).contains(new Notice(Kind.ENDED, 1, 7), new Notice(Kind.ENDED, 1_000, 7));
        assertThat(heardByTeller).allMatch(notice -> notice.equals(Notice.DUE));
    }

    @Test
    void who_was_cut_off_hears_again_and_looks_for_what_was_missed() throws Exception {
        heard.clear();
        assertThat(count("SELECT count(pg_terminate_backend(pid)) FROM (" + LISTENERS + ") l"))
                .isEqualTo(2);
        awaitHeard(Notice.DUE);
        awaitListeners();
        teller.tell(new Notice(Kind.CANCELLED, 5, 0));
        awaitHeard(new Notice(Kind.CANCELLED, 5, 0));
    }

    @Test
    void what_another_version_says_is_passed_over() throws Exception {
        count("SELECT count(pg_notify('carillon', 'them SOMETHING:1:2 ENDED:x:1 ENDED:3:4'))");
        awaitHeard(new Notice(Kind.ENDED, 3, 4));
        assertThat(heard).allMatch(n -> n.equals(Notice.DUE) || n.run() == 3);
    }
}
