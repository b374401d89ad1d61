package carillon.dialect.gptrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GptFiguresTest extends GptRunnerTest {
    private static final String METRICS = "/api/v1/metrics";
    private static final String STATUS = "/api/v1/status";

    private JsonNode metrics(String rest) {
        return granted(gpt.get(METRICS + rest));
    }

    @Test
    void metrics_count_what_has_ended_and_what_has_not() {
        var before = metrics("");
        create("{\"id\": \"good\", \"prompt\": \"x\", \"model\": \"echo\"}");
        create("{\"id\": \"bad\", \"prompt\": \"x\", \"model\": \"gpt-4\"}");
        ended("good");
        ended("bad");

        var after = metrics("");
        assertThat(names(after)).containsExactly("tasks", "performance", "system");
        assertThat(names(after.get("tasks")))
                .containsExactly("total", "completed", "failed", "pending", "running");
        assertThat(grown(before, after, "completed")).isEqualTo(1);
        assertThat(grown(before, after, "failed")).isEqualTo(1);
        assertThat(grown(before, after, "total")).isEqualTo(2);
        var performance = after.get("performance");
        assertThat(names(performance))
                .containsExactly("averageExecutionTime", "successRate", "throughput");
        assertThat(performance.get("successRate").asDouble()).isBetween(0.1, 0.9);
        assertThat(performance.get("throughput").asDouble()).isPositive();
        assertThat(performance.get("averageExecutionTime").asDouble()).isNotNegative();
        var system = after.get("system");
        assertThat(names(system)).containsExactly("cpuUsage", "memoryUsage", "activeConnections");
        assertThat(system.get("cpuUsage").asDouble()).isBetween(0.0, 1.0);
        assertThat(system.get("memoryUsage").asDouble()).isBetween(0.0, 1.0);
        assertThat(system.get("activeConnections").asInt()).isPositive();

        var tasks = metrics("/tasks");
        assertThat(names(tasks)).contains("period", "total", "byStatus", "byModel", "series");
        assertThat(tasks.get("period").asText()).isEqualTo("day");
        assertThat(tasks.at("/byModel/echo/completed").asLong()).isPositive();
        assertThat(tasks.at("/byModel/echo/usage/totalTokens").asLong()).isPositive();
        assertThat(tasks.at("/byModel/gpt-4/failed").asLong()).isPositive();
        assertThat(tasks.at("/byStatus/completed").asLong()).isPositive();
        assertThat(tasks.at("/series/0/timestamp").asText()).matches(TIME);
        assertThat(tasks.at("/series/0/total").asLong()).isPositive();
        for (var period : new String[] {"hour", "week", "month"}) {
            assertThat(metrics("/tasks?period=" + period).get("total").asLong()).isPositive();
        }
        var failed = metrics("/tasks?status=failed&model=gpt-4");
        assertThat(names(failed.get("byModel"))).containsExactly("gpt-4");
        assertThat(failed.at("/byStatus/completed").asLong()).isZero();
        assertThat(failed.get("total")).isEqualTo(failed.at("/byStatus/failed"));
    }

    private static long grown(JsonNode before, JsonNode after, String count) {
        return after.get("tasks").get(count).asLong() - before.get("tasks").get(count).asLong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"period=year", "status=done"})
    void a_bad_parameter_of_metrics_is_told(String query) {
        refused(gpt.get(METRICS + "/tasks?" + query), 400, "VALIDATION_ERROR");
    }

    @Test
    void the_status_is_that_of_the_services() {
        await().until(() -> granted(gpt.get(STATUS)).get("status").asText().equals("healthy"));
        var status = granted(gpt.get(STATUS));

        assertThat(names(status))
                .containsExactly("status", "version", "uptime", "services", "lastHealthCheck");
        assertThat(status.get("version").asText()).isEqualTo("test");
        assertThat(status.get("uptime").isIntegralNumber()).isTrue();
        assertThat(names(status.get("services")))
                .containsExactly("database", "openai", "scheduler");
        assertThat(status.at("/services/openai").asText()).isEqualTo("healthy");
        assertThat(status.get("lastHealthCheck").asText()).matches(TIME);
    }

    @Test
    void each_service_tells_of_itself() {
        var database = granted(gpt.get(STATUS + "/services/database"));
        assertThat(names(database)).containsExactly("service", "status", "details");
        assertThat(database.get("service").asText()).isEqualTo("database");
        assertThat(database.get("status").asText()).isEqualTo("healthy");
        assertThat(names(database.get("details")))
                .containsExactly("connectionCount", "queryTime", "lastError");
        assertThat(database.at("/details/connectionCount").asInt()).isPositive();

        create("{\"id\": \"broken\", \"prompt\": \"x\", \"model\": \"gpt-4\"}");
        ended("broken");
        var openai = granted(gpt.get(STATUS + "/services/openai"));
        assertThat(openai.at("/details/lastError").asText()).contains("gpt-4");
        var scheduler = granted(gpt.get(STATUS + "/services/scheduler"));
        assertThat(scheduler.at("/details/running").isIntegralNumber()).isTrue();
        refused(gpt.get(STATUS + "/services/none"), 404, "NOT_FOUND");
        refused(gpt.withoutKey().get(STATUS), 401, "UNAUTHORIZED");
    }
}
