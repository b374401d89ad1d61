package carillon.egress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;

/// Decides which addresses may be connected to. It is the client's resolver, so the addresses that
/// it has checked are the ones connected to, however often a name changes its mind.
final class Guard implements DnsResolver {
    private final Names names;
    private final AllowList allowed;
    private final Set<Integer> ownPorts;

    Guard(Names names, AllowList allowed, Set<Integer> ownPorts) {
        this.names = names;
        this.allowed = allowed;
        this.ownPorts = Set.copyOf(ownPorts);
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        var open = new ArrayList<InetSocketAddress>();
        var closedAs = "no";
        for (var address : addresses(host)) {
            if (ownPorts.contains(port) && isOurs(address)) {
                throw new RefusedTargetException(host + ":" + port + " is this server itself");
            }
            var closed = AddressRules.closedAs(address.getAddress());
            if (closed.isEmpty()
                    || allowed.hasHost(host)
                    || allowed.hasAddress(address.getAddress())) {
                open.add(new InetSocketAddress(address, port));
            } else {
                closedAs = closed.get();
            }
        }
        if (open.isEmpty()) {
            throw new RefusedTargetException(
                    host + " has " + closedAs + " address, which egress.allow does not permit");
        }
        return open;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        return resolve(host, 0).stream()
                .map(InetSocketAddress::getAddress)
                .toArray(InetAddress[]::new);
    }

    /// Nobody needs it; and a canonical name would come from a look-up that was not checked.
    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    private List<InetAddress> addresses(String host) throws UnknownHostException {
        if (!HostNames.isLiteral(host)) {
            return names.lookUp(host);
        }
        return HostNames.literal(host)
                .map(List::of)
                .orElseThrow(
                        () ->
                                new RefusedTargetException(
                                        host + " is an address in no usual notation"));
    }

    private static boolean isOurs(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            throw new UncheckedIOException("looking for this machine's addresses", e);
        }
    }
}
