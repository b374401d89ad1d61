package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// Pictures of workflows and of their runs, on a whole server.
@Timeout(120)
final class WorkflowGraphTest {
    private static final String DIAMOND =
            """
            {"name":"diamond","action":{"workflow":{"shape":"conditional","steps":[
              {"name":"<script>alert(1)</script>","action":{"nothing":{}}},
              {"name":"left","depends_on":["<script>alert(1)</script>"],
               "when":{"path":"input.left","op":"exists"},"action":{"nothing":{}}},
              {"name":"right","depends_on":["<script>alert(1)</script>"],
               "inputs":{"x":"input.none"},"on_failure":"continue","action":{"nothing":{}}},
              {"name":"join","depends_on":["left","right"],"action":{"wait":{"time":"1ms"}}}]}}}
            """;

    private static Document picture(WholeServer server, String path) throws Exception {
        var said = server.ask("GET", path, "");
        assertThat(said.status()).as(said.whole().body()).isEqualTo(200);
        assertThat(said.whole().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("image/svg+xml");
        var bytes = said.whole().body().getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(bytes));
    }

    @Test
    void the_graph_is_told_and_drawn_and_a_run_has_the_colours_of_its_states(@TempDir Path folder)
            throws Exception {
        try (var server = WholeServer.start(folder)) {
            var id = server.post("/api/v1/tasks", DIAMOND).path("id");
            assertThat(server.get("/api/v1/workflows").at("/data/0/steps").asInt()).isEqualTo(4);
            var graph = server.get("/api/v1/workflows/" + id).path("graph");
            assertThat(graph.path("edges")).hasSize(4);
            assertThat(graph.at("/nodes/3/kind").asText()).isEqualTo("wait");
            var plain = picture(server, "/api/v1/workflows/" + id + "/graph.svg");
            assertThat(plain.getElementsByTagName("rect").getLength()).isEqualTo(4);
            assertThat(plain.getElementsByTagName("polyline").getLength()).isEqualTo(4);
            assertThat(plain.getElementsByTagName("script").getLength()).isZero();

            var run = server.post("/api/v1/tasks/" + id + "/execute", "").path("id");
            server.await("/api/v1/runs/" + run, shown -> shown.path("finished_at").isTextual());
            var drawn = picture(server, "/api/v1/runs/" + run + "/graph.svg");
            assertThat(titles(drawn))
                    .contains("left (nothing): skipped", "right (nothing): failed")
                    .contains("join (wait): skipped");
            var colours = new HashSet<String>();
            var boxes = drawn.getElementsByTagName("rect");
            for (int i = 0; i < boxes.getLength(); i++) {
                colours.add(((Element) boxes.item(i)).getAttribute("fill"));
            }
            assertThat(colours).hasSize(3);
        }
    }

    private static String titles(Document drawn) {
        var titles = new StringBuilder();
        var all = drawn.getElementsByTagName("title");
        for (int i = 0; i < all.getLength(); i++) {
            titles.append(all.item(i).getTextContent()).append('\n');
        }
        return titles.toString();
    }

    @Test
    void what_has_no_picture_says_so(@TempDir Path folder) throws Exception {
        try (var server = WholeServer.start(folder)) {
            var task =
                    server.post("/api/v1/tasks", "{\"name\":\"n\",\"action\":{\"nothing\":{}}}")
                            .path("id");
            var run = server.post("/api/v1/tasks/" + task + "/execute?wait=10s", "").path("id");
            assertThat(server.ask("GET", "/api/v1/workflows/" + task, "").status()).isEqualTo(404);
            assertThat(server.ask("GET", "/api/v1/workflows/1/graph.svg", "").status())
                    .isEqualTo(404);
            assertThat(server.ask("GET", "/api/v1/runs/" + run + "/graph.svg", "").status())
                    .isEqualTo(409);
            assertThat(server.ask("GET", "/api/v1/runs/1/graph.svg", "").status()).isEqualTo(404);
        }
    }
}
