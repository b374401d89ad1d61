package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.agent.Agent;
import carillon.agent.AgentQuery;
import carillon.agent.AgentStore;
import carillon.agent.Bounds;
import carillon.agent.Sampling;
import carillon.agent.StoredAgent;
import carillon.json.AgentJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class AgentStoreContract extends StoreContract {
    private AgentStore agents;

    AgentStoreContract(Fixture fixture) {
        super(fixture);
        agents = fixture.stores().agents(AgentJson.codec());
    }

    @BeforeEach
    final void open() {
        agents = stores().agents(AgentJson.codec());
    }

    private static Agent agent(String name, boolean active) {
        return new Agent(
                name,
                new Agent.Persona("Finder", "Find \u00fcber-things", "Once lost"),
                "gpt-x",
                new Sampling(OptionalDouble.of(0.6), OptionalDouble.of(0.9), OptionalInt.of(7)),
                new Agent.Skills(List.of("Web Search"), List.of("http_get", "docs.search")),
                new Bounds(3, 5_000, OptionalLong.of(1), Duration.ofSeconds(90)),
                active,
                Optional.of("{\"a\":[1]}"));
    }

    private StoredAgent made(String name, boolean active) {
        var made = new StoredAgent(agents.newId(), 1, agent(name, active), NOON, NOON);
        assertThat(agents.create(made)).isTrue();
        return made;
    }

    private static AgentQuery query(boolean activeOnly, long before, int offset, int limit) {
        return new AgentQuery(activeOnly, before, offset, limit);
    }

    @Test
    void an_agent_is_read_as_it_was_written() {
        var made = made("one", true);
        assertThat(agents.find(made.id())).hasValue(made);
        assertThat(agents.find("one")).hasValue(made);
        assertThat(agents.find("One")).isEmpty();
        assertThat(agents.find(made.id() + 1)).isEmpty();
    }

    @Test
    void agents_are_listed_newest_first_the_idle_ones_only_when_wanted() {
        var first = made("first", true);
        var second = made("second", false);
        var third = made("third", true);
        long end = Long.MAX_VALUE;
        assertThat(agents.list(query(false, end, 0, 2))).containsExactly(third, second);
        assertThat(agents.list(query(false, end, 1, 2))).containsExactly(second, first);
        assertThat(agents.list(query(true, end, 0, 9))).containsExactly(third, first);
        assertThat(agents.list(query(false, second.id(), 0, 9))).containsExactly(first);
    }

    @Test
    void a_name_is_taken_once() {
        var made = made("one", true);
        var other = made("two", true);
        var again = new StoredAgent(agents.newId(), 1, agent("one", true), NOON, NOON);
        assertThat(agents.create(again)).isFalse();
        var renamed = new StoredAgent(other.id(), 2, agent("one", true), NOON, NOON);
        assertThat(agents.update(renamed, 1)).isEqualTo(AgentStore.Update.TAKEN);
        assertThat(agents.find("two")).hasValue(other);
        assertThat(agents.delete(made.id())).isTrue();
        assertThat(agents.update(renamed, 1)).isEqualTo(AgentStore.Update.DONE);
        assertThat(agents.find("one")).hasValue(renamed);
        assertThat(agents.find("two")).isEmpty();
    }

    @Test
    void a_change_of_a_version_that_is_no_longer_in_force_is_refused() {
        var made = made("one", true);
        var changed = new StoredAgent(made.id(), 2, agent("one", false), NOON, NOON.plusSeconds(1));
        assertThat(agents.update(changed, 1)).isEqualTo(AgentStore.Update.DONE);
        assertThat(agents.update(changed, 1)).isEqualTo(AgentStore.Update.LOST);
        assertThat(agents.find("one")).hasValue(changed);
        assertThat(agents.list(query(true, Long.MAX_VALUE, 0, 9))).isEmpty();
        assertThat(agents.delete(made.id())).isTrue();
        assertThat(agents.delete(made.id())).isFalse();
        assertThat(agents.update(changed, 2)).isEqualTo(AgentStore.Update.LOST);
    }
}
