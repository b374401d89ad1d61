package carillon.egress;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which addresses are open to all, by the IANA special-purpose registries (RFC 6890 and its
/// updates). In IPv6 everything outside global unicast is closed, and an address that carries an
/// IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo, ISATAP) is as closed as that one.
final class AddressRules {
    private record Closed(Cidr range, String word) {}

    private static final List<Closed> IPV4 =
            List.of(
                    closed("0.0.0.0/8", "an unspecified"),
                    closed("10.0.0.0/8", "a private"),
                    closed("100.64.0.0/10", "a carrier-grade NAT"),
                    closed("127.0.0.0/8", "a loopback"),
                    closed("168.63.129.16/32", "a cloud metadata"),
                    closed("169.254.169.254/32", "a cloud metadata"),
                    closed("169.254.0.0/16", "a link-local"),
                    closed("172.16.0.0/12", "a private"),
                    closed("192.0.0.0/24", "a reserved"),
                    closed("192.0.2.0/24", "a reserved"),
                    closed("192.88.99.0/24", "a reserved"),
                    closed("192.168.0.0/16", "a private"),
                    closed("198.18.0.0/15", "a reserved"),
                    closed("198.51.100.0/24", "a reserved"),
                    closed("203.0.113.0/24", "a reserved"),
                    closed("224.0.0.0/4", "a multicast"),
                    closed("240.0.0.0/4", "a reserved"));

    private static final List<Closed> IPV6 =
            List.of(
                    closed("::/128", "an unspecified"),
                    closed("::1/128", "a loopback"),
                    closed("fe80::/10", "a link-local"),
                    closed("fec0::/10", "a private"),
                    closed("fc00::/7", "a private"),
                    closed("ff00::/8", "a multicast"),
                    closed("2001:10::/28", "a reserved"),
                    closed("2001:db8::/32", "a reserved"));

    private static final Cidr GLOBAL_UNICAST = Cidr.of("2000::/3");
    private static final Cidr NAT64 = Cidr.of("64:ff9b::/96");
    private static final Cidr SIX_TO_FOUR = Cidr.of("2002::/16");
    private static final Cidr TEREDO = Cidr.of("2001::/32");

    /// 96 bits in front of an IPv4 address: mapped, translated, compatible.
    private static final List<Cidr> PREFIXES =
            List.of(
                    Cidr.ofBits("::ffff:0.0.0.0", 96),
                    Cidr.of("::ffff:0:0:0/96"),
                    Cidr.of("::/96"));

    private AddressRules() {}

    private static Closed closed(String range, String word) {
        return new Closed(Cidr.of(range), word);
    }

    /// Why the address (4 or 16 bytes) is closed, as in "a loopback"; empty when it is open to all.
    static Optional<String> closedAs(byte[] address) {
        return address.length == 4 ? closedIn(IPV4, address) : closedAsIpv6(address);
    }

    private static Optional<String> closedAsIpv6(byte[] address) {
        var listed = closedIn(IPV6, address);
        if (listed.isPresent()) {
            return listed;
        }
        for (var inner : embedded(address)) {
            var closed = closedIn(IPV4, inner);
            if (closed.isPresent()) {
                return closed;
            }
        }
        boolean carries = NAT64.contains(address) || PREFIXES.getFirst().contains(address);
        return GLOBAL_UNICAST.contains(address) || carries
                ? Optional.empty()
                : Optional.of("a reserved");
    }

    private static Optional<String> closedIn(List<Closed> ranges, byte[] address) {
        return ranges.stream()
                .filter(closed -> closed.range.contains(address))
                .map(Closed::word)
                .findFirst();
    }

    /// The IPv4 addresses that a packet to this IPv6 address could end at.
    private static List<byte[]> embedded(byte[] address) {
        var last = Arrays.copyOfRange(address, 12, 16);
        if (NAT64.contains(address) || PREFIXES.stream().anyMatch(p -> p.contains(address))) {
            return List.of(last);
        }
        if (SIX_TO_FOUR.contains(address)) {
            return List.of(Arrays.copyOfRange(address, 2, 6));
        }
        if (TEREDO.contains(address)) {
            for (int i = 0; i < last.length; i++) {
                last[i] = (byte) ~last[i];
            }
            return List.of(Arrays.copyOfRange(address, 4, 8), last);
        }
        boolean isatap =
                (address[8] & ~2) == 0
                        && address[9] == 0
                        && address[10] == 0x5e
                        && address[11] == (byte) 0xfe;
        return isatap ? List.of(last) : List.of();
    }
}
