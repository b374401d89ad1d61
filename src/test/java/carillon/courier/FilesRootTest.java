package carillon.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.processor.FilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class FilesRootTest {
    @TempDir private Path folder;
    private Path inside;
    private Path outside;
    private FilesRoot root;

    @BeforeEach
    void make_a_root_beside_a_secret() throws IOException {
        inside = Files.createDirectory(folder.resolve("root"));
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret.txt"), "secret");
        root = FilesRoot.of(inside);
    }

    @Test
    void a_file_is_written_whole_and_its_folders_are_made() throws IOException {
        root.replace("a/b c/report.md", "first", "1");
        root.replace("a/b c/report.md", "second", "2");
        assertThat(inside.resolve("a/b c/report.md")).hasContent("second");
        try (var all = Files.list(inside.resolve("a/b c"))) {
            assertThat(all).hasSize(1); // Nothing is left of the drafts.
        }
    }

    @Test
    void what_an_earlier_try_left_half_written_is_done_anew() throws IOException {
        Files.writeString(inside.resolve(".carillon-1"), "half");
        root.replace("report.md", "whole", "1");
        assertThat(inside.resolve("report.md")).hasContent("whole");
        assertThat(inside.resolve(".carillon-1")).doesNotExist();
    }

    @Test
    void text_is_appended() throws IOException {
        root.append("log/all.txt", "one\n");
        root.append("log/all.txt", "two\n");
        assertThat(inside.resolve("log/all.txt")).hasContent("one\ntwo\n");
    }

    @Test
    void deliveries_at_the_same_time_do_not_stand_in_each_others_way() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var jobs =
                    IntStream.range(0, 50)
                            .<Callable<Void>>mapToObj(
                                    i ->
                                            () -> {
                                                root.replace("new/deep/" + i, "text", "" + i);
                                                return null;
                                            })
                            .toList();
            for (var job : threads.invokeAll(jobs)) {
                job.get();
            }
        }
        try (var all = Files.list(inside.resolve("new/deep"))) {
            assertThat(all).hasSize(50);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "/proc/self/environ",
                "..",
                "../outside/secret.txt",
                "a/../../outside/secret.txt",
                "a/..",
                "./a",
                "a//b",
                "a/",
                ".ssh/authorized_keys",
                "a\\..\\b",
                "a\u0000b",
                "a\nb",
                " "
            })
    void a_path_that_is_not_plain_is_refused_by_its_form(String path) {
        assertThat(FilePath.fault(path)).isPresent();
        assertThat(FilePath.templateFault(path)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "/etc/passwd",
                "..",
                "a\u0000/b",
                "\n",
                "C:\\x",
                "%2e%2e%2f"
            })
    void a_value_stays_within_one_name(String value) {
        var path = "reports/" + FilePath.plain(value) + ".txt";
        assertThat(FilePath.fault(path)).isEmpty();
        assertThat(path.chars().filter(c -> c == '/').count()).isEqualTo(1);
        assertThat(Path.of(path).normalize()).isEqualTo(Path.of(path));
    }

    @Test
    void a_link_in_the_place_of_the_file_is_not_followed() throws IOException {
        var link = inside.resolve("report.txt");
        Files.createSymbolicLink(link, outside.resolve("secret.txt"));
        assertRefused(() -> root.replace("report.txt", "x", "1"));
        assertRefused(() -> root.append("report.txt", "x"));
        assertUntouched();
    }

    @Test
    void a_link_in_the_place_of_a_folder_is_not_followed() throws IOException {
        Files.createSymbolicLink(inside.resolve("way"), outside);
        assertRefused(() -> root.replace("way/secret.txt", "x", "1"));
        assertRefused(() -> root.append("way/secret.txt", "x"));
        assertRefused(() -> root.replace("way/new/secret.txt", "x", "1"));
        assertThat(outside.resolve("new")).doesNotExist();
        assertUntouched();
    }

    @Test
    void a_link_to_proc_is_not_followed() throws IOException {
        Files.createSymbolicLink(inside.resolve("p"), Path.of("/proc/self"));
        assertRefused(() -> root.append("p/comm", "x"));
    }

    @Test
    void a_link_that_leads_nowhere_makes_nothing() throws IOException {
        Files.createSymbolicLink(inside.resolve("report.txt"), outside.resolve("new.txt"));
        assertRefused(() -> root.append("report.txt", "x"));
        assertThat(outside.resolve("new.txt")).doesNotExist();
    }

    @Test
    void a_pipe_is_refused_and_nobody_waits_for_its_reader() throws Exception {
        var pipe = inside.resolve("pipe");
        int made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        assertThat(made).isZero();
        assertRefused(() -> root.append("pipe", "x"));
        assertRefused(() -> root.replace("pipe", "x", "1"));
        assertRefused(() -> root.append("pipe/inside", "x"));
    }

    @Test
    void a_folder_is_no_file_and_a_file_no_folder() throws IOException {
        Files.createDirectory(inside.resolve("folder"));
        Files.writeString(inside.resolve("file"), "x");
        assertRefused(() -> root.replace("folder", "x", "1"));
        assertRefused(() -> root.append("file/inside", "x"));
    }

    @Test
    void the_root_itself_may_be_a_link() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), inside);
        FilesRoot.of(link).replace("report.txt", "x", "1");
        assertThat(inside.resolve("report.txt")).hasContent("x");
    }

    private interface Write {
        void run() throws IOException;
    }

    private static void assertRefused(Write write) {
        assertThatThrownBy(write::run).isInstanceOf(RefusedFileException.class);
    }

    private void assertUntouched() {
        assertThat(outside.resolve("secret.txt")).hasContent("secret");
        assertThat(outside).isDirectoryNotContaining(file -> !file.endsWith("secret.txt"));
    }
}
