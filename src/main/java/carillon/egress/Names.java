package carillon.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Looks up the addresses of a host name.
interface Names {
    List<InetAddress> lookUp(String host) throws UnknownHostException;
}
