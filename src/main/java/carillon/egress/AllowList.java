package carillon.egress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the administrator has opened beyond the addresses that are open to all: ranges of
/// addresses, and host names, whatever address these have.
public final class AllowList {
    public static final AllowList EMPTY = new AllowList(List.of(), List.of(), Set.of());

    private static final String HOST_NAME =
            "[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\\.?";

    private final List<String> entries;
    private final List<Cidr> ranges;
    private final Set<String> hosts;

    private AllowList(List<String> entries, List<Cidr> ranges, Set<String> hosts) {
        this.entries = List.copyOf(entries);
        this.ranges = List.copyOf(ranges);
        this.hosts = Set.copyOf(hosts);
    }

    /// Reads addresses (`::1`), ranges (`10.0.0.0/8`) and host names. Throws
    /// [IllegalArgumentException] where [#fault] finds one.
    public static AllowList of(List<String> entries) {
        var ranges = new ArrayList<Cidr>();
        var hosts = new HashSet<String>();
        for (var entry : entries) {
            if (isAddress(entry)) {
                ranges.add(Cidr.of(entry));
            } else if (entry.matches(HOST_NAME)) {
                hosts.add(normal(entry));
            } else {
                throw new IllegalArgumentException("neither a range nor a host name: " + entry);
            }
        }
        return new AllowList(entries, ranges, hosts);
    }

    /// This list and more host names, as they stand in URLs.
    public AllowList withHosts(List<String> names) {
        var all = new ArrayList<>(entries);
        names.stream().map(HostNames::bare).forEach(all::add);
        return of(all);
    }

    /// What is wrong with an entry, if anything is.
    public static Optional<String> fault(String entry) {
        try {
            AllowList.of(List.of(entry));
            return Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.of("must be a range such as 10.0.0.0/8, an address or a host name");
        }
    }

    private static boolean isAddress(String entry) {
        return entry.contains(":") || entry.contains("/") || HostNames.isNumeric(entry);
    }

    private static String normal(String host) {
        var lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    boolean hasHost(String host) {
        return hosts.contains(normal(host));
    }

    boolean hasAddress(byte[] address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
