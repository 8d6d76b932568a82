package io.tailrace.turn.tool;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * The addresses that the client connects to: looked up once for each connection, and all of them checked, so that a name
 * that changes its address between the check and the connection gains nothing. Thread-safe.
 */
final class CheckedAddresses implements DnsResolver {
    private final AddressLookup lookup;
    private final HostPatterns privateHosts;

    /** @param privateHosts whose addresses may be any */
    CheckedAddresses(AddressLookup lookup, HostPatterns privateHosts) {
        this.lookup = lookup;
        this.privateHosts = privateHosts;
    }

    /** A host whose address no tool may connect to. */
    static final class NotPublic extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        NotPublic(String host) {
            super(host);
        }
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = lookup.find(host);
        if (!privateHosts.name(host)) {
            for (InetAddress address : found) {
                if (!PublicAddresses.has(address)) {
                    throw new NotPublic(host);
                }
            }
        }
        return found;
    }

    /** Nothing here asks for it: it would be a question about a host that nobody has checked. */
    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
