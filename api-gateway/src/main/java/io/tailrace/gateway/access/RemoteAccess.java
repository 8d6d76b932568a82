package io.tailrace.gateway.access;

import io.tailrace.service.settings.StartRefused;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Whether the address that the server listens on can be reached from other machines. */
final class RemoteAccess {
    private RemoteAccess() {}

    static boolean isPossible(@Nullable InetAddress address) {
        return address == null || !address.isLoopbackAddress();
    }

    static void check(@Nullable InetAddress address, AccessSettings settings) {
        if (isPossible(address) && !settings.allowRemote()) {
            String where = address == null ? "every address" : address.getHostAddress();
            throw new StartRefused(
                    "The server would listen on " + where + ", which other machines can reach, and the API asks nobody"
                            + " who they are.",
                    "Listen on 127.0.0.1 (server.address), or set tailrace.gateway.allow-remote=true (environment:"
                            + " TAILRACE_GATEWAY_ALLOW_REMOTE=true) where something else guards the port.");
        }
    }
}
