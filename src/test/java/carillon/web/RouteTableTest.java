package carillon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RouteTableTest {
    private record Listed(String name, String prefix, List<Route> routes) implements Api {
        @Override
        public Access access() {
            return Access.KEY;
        }

        @Override
        public Answer refuse(Refusal refusal, String requestId) {
            return ProblemDetails.of(refusal, requestId);
        }
    }

    private static Route route(String path) {
        return new Route(Route.Method.GET, path, Permission.VIEW, _ -> Answer.ok(path));
    }

    private static Api api(String prefix, String... paths) {
        return new Listed(
                "x" + prefix, prefix, List.of(paths).stream().map(RouteTableTest::route).toList());
    }

    private static String match(RouteTable table, String path) {
        return switch (table.match(
                Optional.of(Route.Method.GET), RequestPath.parse(path).orElseThrow())) {
            case RouteTable.Match.Found(var row, var parameters) ->
                    row.path() + (parameters.isEmpty() ? "" : " " + parameters);
            case RouteTable.Match.OtherMethods _ -> "other methods";
            case RouteTable.Match.Unknown() -> "unknown";
        };
    }

    @Test
    void a_literal_wins_over_a_parameter_and_a_dead_end_is_left_again() {
        var table = RouteTable.of(List.of(api("", "/a/{id}", "/a/new", "/a/{key}/b", "/a/new/c")));
        assertThat(match(table, "/a/new")).isEqualTo("/a/new");
        assertThat(match(table, "/a/7")).isEqualTo("/a/{id} {id=7}");
        assertThat(match(table, "/a/new/b")).isEqualTo("/a/{key}/b {key=new}");
        assertThat(match(table, "/a/new/c")).isEqualTo("/a/new/c");
        assertThat(match(table, "/a/7/c")).isEqualTo("unknown");
        assertThat(match(table, "/a")).isEqualTo("unknown");
        assertThat(match(table, "/")).isEqualTo("unknown");
    }

    @Test
    void routes_that_differ_only_in_the_names_of_parameters_collide() {
        assertThatThrownBy(() -> RouteTable.of(List.of(api("/p", "/a/{id}", "/a/{name}"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/p/a/{id}");
        assertThatThrownBy(() -> RouteTable.of(List.of(api("", "/p/a"), api("/p", "/a"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("collide");
    }

    @Test
    void a_path_that_the_table_could_not_reach_is_a_bug_that_stops_the_start() {
        for (var path : List.of("a", "/a//b", "/a/", "/a b", "/a/{}", "/a/x{id}", "/a/;")) {
            assertThatThrownBy(() -> route(path))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void the_longest_prefix_owns_a_path() {
        var table = RouteTable.of(List.of(api("", "/a"), api("/p", "/a"), api("/p/q", "/a")));
        assertThat(owners(table, "/a", "/p/a", "/p/q/a", "/p/qq", "/pp", "/p"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "/a", "x", "/p/a", "x/p", "/p/q/a", "x/p/q", "/p/qq", "x/p", "/pp",
                                "x", "/p", "x/p"));
    }

    private static Map<String, String> owners(RouteTable table, String... paths) {
        var owners = new HashMap<String, String>();
        for (var path : paths) {
            owners.put(path, table.ownerOf(path).orElseThrow().name());
        }
        return owners;
    }
}
