package carillon.importer;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.importer.Imports.Left;
import carillon.importer.Imports.Note;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CrontabTest {
    private static Imports read(String text) {
        return Crontab.read(text, Optional.empty());
    }

    /// The one task of a crontab that has nothing else.
    private static JsonNode task(String line) {
        var imports = read(line);
        assertThat(imports.left()).isEmpty();
        assertThat(imports.wanted()).hasSize(1);
        return imports.wanted().getFirst().body();
    }

    private static JsonNode http(String command) {
        return task("0 5 * * * " + command).at("/action/http");
    }

    @Test
    void a_curl_call_becomes_a_task() {
        var task =
                task(
                        "*/5  9-17 * * MON-FRI /usr/bin/curl -fsS --max-time 1.5 --retry 2"
                                + " https://h.example/ping?a=1 >/dev/null 2>&1");
        assertThat(task.path("name").asText()).matches("GET h\\.example/ping \\([0-9a-f]{8}\\)");
        assertThat(task.path("schedule"))
                .isEqualTo(Json.read("{\"cron\":\"*/5 9-17 * * MON-FRI\"}"));
        assertThat(task.at("/action/http/url").asText()).isEqualTo("https://h.example/ping?a=1");
        assertThat(task.at("/action/http/method").asText()).isEqualTo("GET");
        assertThat(task.path("timeout").asText()).isEqualTo("1500ms");
        assertThat(task.at("/retry/attempts").asInt()).isEqualTo(3);
        assertThat(task.path("tags")).isEqualTo(Json.read("[\"crontab\"]"));
    }

    @Test
    void method_headers_user_and_data_are_taken_over() {
        assertThat(
                        http(
                                "curl -XPUT -H 'X-One: a b' -H \"Accept: text/plain\" -u me:pa:ss"
                                        + " -d a=1 --data-raw 'b=@2' h.example -o /dev/null"))
                .isEqualTo(
                        Json.read(
                                """
                                {"url":"http://h.example","method":"PUT","body":"a=1&b=@2",
                                 "headers":{"X-One":"a b","Accept":"text/plain",
                                  "Content-Type":"application/x-www-form-urlencoded"},
                                 "auth":{"type":"basic","username":"me","password":"pa:ss"}}
                                """));
        assertThat(http("curl --json '{\"a\":1}' https://h.example/x"))
                .isEqualTo(
                        Json.read(
                                """
                                {"url":"https://h.example/x","method":"POST","body":"{\\"a\\":1}",
                                 "headers":{"Content-Type":"application/json",
                                  "Accept":"application/json"}}
                                """));
        assertThat(http("curl -G --data-urlencode 'q=a b&c' https://h.example/s").path("url"))
                .hasToString("\"https://h.example/s?q=a+b%26c\"");
        assertThat(http("curl -I https://h.example").path("method").asText()).isEqualTo("HEAD");
        assertThat(http("curl --oauth2-bearer t https://h.example").path("auth"))
                .isEqualTo(Json.read("{\"type\":\"bearer\",\"token\":\"t\"}"));
    }

    @Test
    void a_percent_sign_begins_what_is_read_and_ends_its_lines() {
        assertThat(http("curl --data-binary @- https://h.example%one%two").path("body").asText())
                .isEqualTo("one\ntwo\n");
        assertThat(http("curl -d @- https://h.example%one%two").path("body").asText())
                .isEqualTo("onetwo");
        assertThat(http("curl https://h.example/a\\%20b").path("url").asText())
                .isEqualTo("https://h.example/a%20b");
    }

    @Test
    void settings_hold_for_the_lines_after_them() {
        var imports =
                read(
                        """
                        # comment
                        MAILTO=""
                        BASE = https://h.example
                        @daily curl $BASE/utc
                        CRON_TZ=Europe/Berlin
                        @daily TOKEN=abc curl -H "X-T: $TOKEN" "${BASE}/berlin"
                        """);
        assertThat(imports.left()).isEmpty();
        var first = imports.wanted().get(0).body();
        assertThat(first.at("/action/http/url").asText()).isEqualTo("https://h.example/utc");
        assertThat(first.at("/schedule/timezone").isMissingNode()).isTrue();
        var second = imports.wanted().get(1);
        assertThat(second.line()).isEqualTo(6);
        assertThat(second.body().path("schedule"))
                .isEqualTo(Json.read("{\"cron\":\"@daily\",\"timezone\":\"Europe/Berlin\"}"));
        assertThat(second.body().at("/action/http/headers/X-T").asText()).isEqualTo("abc");
    }

    @Test
    void the_zone_of_the_person_who_imports_is_meant_where_the_file_names_none() {
        var zone = Optional.of(ZoneId.of("Asia/Tokyo"));
        var task = Crontab.read("@daily curl h.example", zone).wanted().getFirst().body();
        assertThat(task.at("/schedule/timezone").asText()).isEqualTo("Asia/Tokyo");
    }

    @Test
    void a_line_is_known_again_by_its_name() {
        var line = "0 5 * * * curl https://h.example/a?token=canary";
        var one = task(line).path("name").asText();
        assertThat(task("# moved\n" + line).path("name").asText()).isEqualTo(one);
        assertThat(one).doesNotContain("canary");
        assertThat(task(line.replace("0 5", "0 6")).path("name").asText()).isNotEqualTo(one);
        assertThat(read(line + "\n" + line).wanted()).hasSize(1);
    }

    @Test
    void a_bad_line_stops_nothing_and_is_shown_without_what_may_be_secret() {
        var imports =
                read(
                        """
                        61 * * * * curl https://h.example
                        nonsense
                        @reboot curl https://h.example
                        0 5 * * * /usr/bin/backup --password canary
                        TZ=Mars/Olympus
                        0 5 * * * curl https://h.example/under-mars
                        TZ=UTC
                        0 5 * * * curl https://h.example/good
                        """);
        assertThat(imports.wanted()).hasSize(1);
        assertThat(imports.left()).extracting(Left::line).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(imports.left().get(0).reason()).startsWith("bad schedule '61 * * * *'");
        assertThat(imports.left().get(3))
                .isEqualTo(new Left(4, "0 5 * * * /usr/bin/backup …", "is no curl call"));
        assertThat(imports.left().get(4).reason()).contains("Mars/Olympus");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            textBlock =
                    """
                    curl https://h.example | jq .      ! is more than one simple command ('|')
                    curl h.example && echo ok          ! is more than one simple command ('&')
                    curl h.example?a=1&b=2             ! must be in quotes
                    curl "h.example/$(date)"           ! runs another command inside
                    curl `cat url`                     ! runs another command inside
                    curl $URL                          ! uses the shell variable 'URL'
                    curl h.example > out.txt           ! writes to a file
                    curl -o out.txt h.example          ! writes to a file
                    curl -O h.example/file             ! keeps the answer in a file (-O)
                    curl -sk https://h.example         ! does not check the server's certificate
                    curl -d @body.json h.example       ! sends a file
                    curl -F a=@b h.example             ! sends a form with parts
                    curl -u me h.example               ! asks for a password
                    curl --unheard-of h.example        ! uses --unheard-of
                    curl a.example b.example           ! calls more than one address
                    curl -s                            ! names no address
                    curl -H 'Host: x' h.example        ! action.http.headers.Host
                    curl 'h.example                    ! quote that is not closed
                    curl ftp://h.example               ! must be an absolute http or https URL
                    curl -m ten h.example              ! no number of seconds
                    curl -X                            ! has no value for -X
                    """)
    void what_an_http_task_cannot_do_is_refused_in_words(String command, String reason) {
        var imports = read("@daily " + command);
        assertThat(imports.wanted()).isEmpty();
        assertThat(imports.left().getFirst().reason()).contains(reason);
    }

    @Test
    void what_is_done_otherwise_is_noted() {
        var imports = read("@daily curl -L https://h.example");
        assertThat(imports.wanted()).hasSize(1);
        assertThat(imports.notes())
                .containsExactly(
                        new Note(1, "redirects are not followed: a 3xx answer fails the run"));
    }
}
