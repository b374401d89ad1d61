package carillon.egress;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/// A range of addresses: those whose first `bits` bits are those of `network`.
final class Cidr {
    private final byte[] network;
    private final int bits;

    private Cidr(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /// Reads `10.0.0.0/8`, `::1/128`, or an address, which stands for itself alone. Throws
    /// [IllegalArgumentException] for anything else, a range with host bits included.
    static Cidr of(String text) {
        int slash = text.indexOf('/');
        var network = bytes(slash < 0 ? text : text.substring(0, slash));
        int size = network.length * 8;
        int bits = slash < 0 ? size : prefixLength(text.substring(slash + 1));
        if (bits > size) {
            throw new IllegalArgumentException("a prefix of at most " + size + " bits: " + text);
        }
        if (!Arrays.equals(masked(network, bits), network)) {
            throw new IllegalArgumentException("an address with bits beyond the prefix: " + text);
        }
        return new Cidr(network, bits);
    }

    /// The first `bits` bits of the IPv4-mapped form of an address, which Java's own type folds
    /// into IPv4.
    static Cidr ofBits(String mapped, int bits) {
        var inner = bytes(mapped);
        var network = new byte[16];
        network[10] = -1;
        network[11] = -1;
        System.arraycopy(inner, 0, network, 12, inner.length);
        return new Cidr(network, bits);
    }

    private static byte[] bytes(String text) {
        return HostNames.literal(text)
                .map(InetAddress::getAddress)
                .orElseThrow(() -> new IllegalArgumentException("not an address: " + text));
    }

    private static int prefixLength(String text) {
        if (!text.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("not a length in bits: " + text);
        }
        return Integer.parseInt(text);
    }

    private static byte[] masked(byte[] address, int bits) {
        var masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - i * 8L, 0, 8);
            masked[i] = (byte) (masked[i] & (0xff << (8 - kept)));
        }
        return masked;
    }

    boolean contains(byte[] address) {
        return address.length == network.length && Arrays.equals(masked(address, bits), network);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(network) + "/" + bits;
    }
}
