package carillon.egress;

import java.net.InetAddress;
import java.util.Optional;

/// Tells host names from addresses. An address is taken in its one usual notation only: other
/// readers take `0x7f.1`, `0177.0.0.1` or `2130706433` for addresses too, and not all for the same.
final class HostNames {
    private static final String BYTE = "(0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])";
    private static final String DOTTED = BYTE + "(\\." + BYTE + "){3}";

    private HostNames() {}

    /// A host as it stands in a URL, without the brackets of an IPv6 address.
    static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// Whether somebody might read `host` as an IPv4 address: its last label is a number.
    static boolean isNumeric(String host) {
        var bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        var last = bare.substring(bare.lastIndexOf('.') + 1);
        return last.matches("\\d+|0[xX][0-9a-fA-F]*");
    }

    /// Whether `host` is to be read as an address.
    static boolean isLiteral(String host) {
        return host.contains(":") || isNumeric(host);
    }

    /// The address that is written; empty when it is in no usual notation.
    static Optional<InetAddress> literal(String host) {
        boolean usual = host.contains(":") ? host.matches("[0-9a-fA-F:.]+") : host.matches(DOTTED);
        if (!usual) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
