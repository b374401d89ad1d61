package carillon.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRulesTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, an unspecified",
        "0.1.2.3, an unspecified",
        "10.0.0.1, a private",
        "10.255.255.255, a private",
        "100.64.0.1, a carrier-grade NAT",
        "100.127.255.255, a carrier-grade NAT",
        "100.100.100.200, a carrier-grade NAT",
        "127.0.0.1, a loopback",
        "127.255.255.254, a loopback",
        "168.63.129.16, a cloud metadata",
        "169.254.169.254, a cloud metadata",
        "169.254.0.1, a link-local",
        "172.16.0.1, a private",
        "172.31.255.255, a private",
        "192.0.0.192, a reserved",
        "192.0.2.1, a reserved",
        "192.88.99.1, a reserved",
        "192.168.1.1, a private",
        "198.18.0.1, a reserved",
        "198.19.255.255, a reserved",
        "198.51.100.7, a reserved",
        "203.0.113.9, a reserved",
        "224.0.0.1, a multicast",
        "239.255.255.255, a multicast",
        "240.0.0.1, a reserved",
        "255.255.255.255, a reserved",
    })
    void a_special_address_is_closed(String address, String word) {
        assertThat(AddressRules.closedAs(bytes(address))).contains(word);
    }

    @ParameterizedTest
    @CsvSource({
        "::, an unspecified",
        "::1, a loopback",
        "::2, an unspecified",
        "::127.0.0.1, a loopback",
        "::10.1.2.3, a private",
        "::8.8.8.8, a reserved",
        "fe80::1, a link-local",
        "febf::1, a link-local",
        "fec0::1, a private",
        "fc00::1, a private",
        "fd00:ec2::254, a private",
        "fdff::1, a private",
        "ff02::1, a multicast",
        "100::1, a reserved",
        "64:ff9b::127.0.0.1, a loopback",
        "64:ff9b::169.254.169.254, a cloud metadata",
        "64:ff9b::10.0.0.1, a private",
        "64:ff9b:1::8.8.8.8, a reserved",
        "::ffff:0:127.0.0.1, a loopback",
        "::ffff:0:8.8.8.8, a reserved",
        "2002:7f00:1::1, a loopback",
        "2002:a9fe:a9fe::, a cloud metadata",
        "2002:c0a8:101::1, a private",
        "2001:0:7f00:1::1, a loopback",
        "2001:0:808:808::80ff:fffe, a loopback",
        "2001:0:808:808:0:0:f5ff:fffe, a private",
        "2a00:1450::5efe:10.0.0.1, a private",
        "2a00:1450::200:5efe:127.0.0.1, a loopback",
        "2001:10::1, a reserved",
        "2001:db8::1, a reserved",
        "4000::1, a reserved",
    })
    void a_special_address_of_ipv6_is_closed(String address, String word) {
        assertThat(AddressRules.closedAs(bytes(address))).contains(word);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450:4001::200e",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "2001:0:808:808:0:0:f7f7:f7f7",
            })
    void an_ordinary_address_is_open(String address) {
        assertThat(AddressRules.closedAs(bytes(address))).isEmpty();
    }

    @Test
    void a_mapped_address_is_as_closed_as_the_one_inside() {
        assertThat(AddressRules.closedAs(mapped("127.0.0.1"))).contains("a loopback");
        assertThat(AddressRules.closedAs(mapped("169.254.169.254"))).contains("a cloud metadata");
        assertThat(AddressRules.closedAs(mapped("192.168.0.1"))).contains("a private");
        assertThat(AddressRules.closedAs(mapped("8.8.8.8"))).isEmpty();
    }

    @Test
    void a_range_holds_what_shares_its_prefix() {
        var range = Cidr.of("10.20.0.0/15");
        assertThat(range.contains(bytes("10.21.255.255"))).isTrue();
        assertThat(range.contains(bytes("10.22.0.0"))).isFalse();
        assertThat(range.contains(bytes("::10.20.0.1"))).isFalse();
        assertThat(Cidr.of("0.0.0.0/0").contains(bytes("8.8.8.8"))).isTrue();
        assertThat(Cidr.of("::1").contains(bytes("::1"))).isTrue();
        assertThat(Cidr.of("::1").contains(bytes("::2"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1/8",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0/8",
                "::/129",
                "0x7f.0.0.1",
                "http://x",
                "a b",
                "",
                "*.example.com",
            })
    void an_entry_that_is_neither_range_nor_name_is_a_fault(String entry) {
        assertThat(AllowList.fault(entry)).isPresent();
        assertThatThrownBy(() -> AllowList.of(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void host_names_are_compared_without_case_and_final_dot() {
        var list = AllowList.of(List.of("Intranet.Example.", "10.0.0.0/8", "::1"));
        assertThat(list.hasHost("intranet.example")).isTrue();
        assertThat(list.hasHost("INTRANET.EXAMPLE.")).isTrue();
        assertThat(list.hasHost("evil.intranet.example")).isFalse();
        assertThat(list.hasAddress(bytes("10.1.1.1"))).isTrue();
        assertThat(list.hasAddress(bytes("::1"))).isTrue();
        assertThat(list.hasAddress(bytes("127.0.0.1"))).isFalse();
    }

    private static byte[] bytes(String address) {
        return InetAddress.ofLiteral(address).getAddress();
    }

    private static byte[] mapped(String address) {
        var bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        System.arraycopy(bytes(address), 0, bytes, 12, 4);
        return bytes;
    }
}
