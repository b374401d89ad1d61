package carillon.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardTest {
    private static final Names NO_NAMES =
            host -> {
                throw new UnknownHostException(host);
            };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "127.0.0.01",
                "127.0.1",
                "0",
                "0x",
                "256.0.0.1",
                "1.2.3.4.5",
                "017700000001",
                "127.0.0.1.",
                "::1%lo",
                "fe80::1%eth0",
                "1::2::3",
                "evil.0x7f",
            })
    void an_address_in_an_odd_notation_is_refused_without_a_look_up(String host) {
        var guard = new Guard(_ -> addresses("8.8.8.8"), allow("0.0.0.0/0", "::/0"), Set.of());
        assertThatThrownBy(() -> guard.resolve(host, 80))
                .isInstanceOf(RefusedTargetException.class)
                .hasMessageContaining("no usual notation");
    }

    @Test
    void an_open_address_passes_as_it_is() throws Exception {
        var guard = new Guard(NO_NAMES, AllowList.EMPTY, Set.of());
        assertThat(guard.resolve("8.8.8.8", 443))
                .containsExactly(new InetSocketAddress(InetAddress.ofLiteral("8.8.8.8"), 443));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"})
    void loopback_is_refused_unless_allowed(String host) throws Exception {
        var closed = new Guard(NO_NAMES, AllowList.EMPTY, Set.of());
        assertThatThrownBy(() -> closed.resolve(host, 80))
                .isInstanceOf(RefusedTargetException.class)
                .hasMessage(host + " has a loopback address, which egress.allow does not permit");
        var open = new Guard(NO_NAMES, allow("127.0.0.0/8", "::1"), Set.of());
        assertThat(open.resolve(host, 80)).hasSize(1);
    }

    @Test
    void a_name_is_refused_for_a_closed_address_without_telling_which() {
        var guard = new Guard(_ -> addresses("10.1.2.3"), AllowList.EMPTY, Set.of());
        assertThatThrownBy(() -> guard.resolve("intranet.example", 80))
                .isInstanceOf(RefusedTargetException.class)
                .hasMessageContaining("intranet.example has a private address")
                .message()
                .doesNotContain("10.1.2.3");
    }

    @Test
    void of_several_addresses_only_the_open_ones_are_connected_to() throws Exception {
        var guard = new Guard(_ -> addresses("10.1.2.3", "8.8.8.8"), AllowList.EMPTY, Set.of());
        assertThat(guard.resolve("both.example", 80))
                .extracting(InetSocketAddress::getAddress)
                .containsExactly(InetAddress.ofLiteral("8.8.8.8"));
    }

    @Test
    void an_allowed_name_may_have_any_address() throws Exception {
        var guard = new Guard(_ -> addresses("10.1.2.3"), allow("intranet.example"), Set.of());
        assertThat(guard.resolve("Intranet.Example", 80)).hasSize(1);
        assertThatThrownBy(() -> guard.resolve("other.example", 80))
                .isInstanceOf(RefusedTargetException.class);
    }

    @Test
    void this_servers_own_ports_are_refused_even_where_loopback_is_allowed() throws Exception {
        var guard = new Guard(_ -> addresses("127.0.0.1"), allow("127.0.0.0/8"), Set.of(7700));
        assertThatThrownBy(() -> guard.resolve("127.0.0.1", 7700))
                .isInstanceOf(RefusedTargetException.class)
                .hasMessageContaining("this server itself");
        assertThatThrownBy(() -> guard.resolve("rebound.example", 7700))
                .isInstanceOf(RefusedTargetException.class);
        assertThat(guard.resolve("127.0.0.1", 7701)).hasSize(1);
    }

    private static AllowList allow(String... entries) {
        return AllowList.of(List.of(entries));
    }

    private static List<InetAddress> addresses(String... addresses) {
        return Stream.of(addresses).map(InetAddress::ofLiteral).toList();
    }
}
