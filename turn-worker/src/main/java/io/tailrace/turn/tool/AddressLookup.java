package io.tailrace.turn.tool;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a host. Safe from any thread; blocks. */
@FunctionalInterface
public interface AddressLookup {
    /**
     * All addresses of a host.
     *
     * @param host a name, or an address as text
     */
    InetAddress[] find(String host) throws UnknownHostException;
}
