package carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class CronCommandTest {
    private static final InstantSource NOW =
            InstantSource.fixed(Instant.parse("2026-03-01T00:00:00Z"));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new CronCommand(NOW))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void next_lists_instants_local_times_and_marks() {
        int exit =
                run(
                        "next",
                        "30 2 * * *",
                        "--zone",
                        "America/New_York",
                        "--from",
                        "2026-03-07T12:00:00Z",
                        "--count",
                        "2");

        assertThat(exit).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "at 02:30 every day, New York time",
                        "2026-03-08T07:00:00Z  Sun 2026-03-08 03:00:00 -04:00  gap",
                        "2026-03-09T06:30:00Z  Mon 2026-03-09 02:30:00 -04:00");
    }

    @Test
    void the_default_is_five_from_now() {
        assertThat(run("next", "@hourly")).isZero();
        assertThat(out.toString().lines().skip(1))
                .hasSize(5)
                .first()
                .isEqualTo("2026-03-01T01:00:00Z  Sun 2026-03-01 01:00:00 Z");
    }

    @Test
    void previous_lists_backwards() {
        assertThat(run("previous", "@daily", "--count", "2")).isZero();
        assertThat(out.toString().lines().skip(1))
                .containsExactly(
                        "2026-02-28T00:00:00Z  Sat 2026-02-28 00:00:00 Z",
                        "2026-02-27T00:00:00Z  Fri 2026-02-27 00:00:00 Z");
    }

    @Test
    void a_skipped_slot_says_so() {
        assertThat(run("next", "CRON_TZ=Europe/London 30 1 29 3 *", "--count=1", "--gap=skip"))
                .isZero();
        assertThat(out.toString()).contains("2026-03-29T01:00:00Z").contains("gap (skipped)");
    }

    @Test
    void json_has_the_shape_of_a_preview() throws JsonProcessingException {
        int exit = run("next", "30 1 1 11 *", "--zone=America/New_York", "--count=1", "--json");

        assertThat(exit).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"data":[{"instant":"2026-11-01T05:30:00Z",
                                        "local":"2026-11-01T01:30:00","offset":"-04:00",
                                        "dst":"overlap","runs":true}],
                                        "description":"at 01:30 on 1 November, New York time"}
                                        """));
    }

    @Test
    void explain_is_one_sentence() {
        assertThat(run("explain", "0 9 * * MON-FRI", "--zone", "America/New_York")).isZero();
        assertThat(out.toString().strip()).isEqualTo("at 09:00 on weekdays, New York time");
    }

    @Test
    void a_fault_is_pointed_at_and_the_exit_code_is_2() {
        assertThat(run("next", "0 25 * * *")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "hour (position 3): 25 is out of range; expected 0-23, *, or H",
                        "  0 25 * * *",
                        "    ^");
        assertThat(run("explain", "0 0 30 2 *")).isEqualTo(2);
        assertThat(run("next", "@daily", "--count", "0")).isEqualTo(2);
        assertThat(run("next", "@daily", "--zone", "Mars/X")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void an_interval_counts_from_the_beginning_asked_for() {
        assertThat(run("next", "@every 90s", "--count=1", "--zone=Asia/Tokyo")).isZero();
        assertThat(out.toString()).contains("2026-03-01T00:01:30Z  Sun 2026-03-01 09:01:30 +09:00");
    }
}
