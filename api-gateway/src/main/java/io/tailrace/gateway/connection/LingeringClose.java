package io.tailrace.gateway.connection;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;

/**
 * Brings an answer to a client that is still sending its request (RFC 9112, 9.6; nginx's {@code lingering_close}).
 *
 * <p>The server closes a connection whose request it has not read to its end. If it does so while bytes of the client are
 * on their way, the client's kernel is told of a reset, and throws away the answer that it has. So the connection is
 * closed in two steps: the answer says {@code Connection: close} and our side ends; then what still comes is thrown away
 * until the client ends its side too, within the bounds of {@link DiscardedInput}. What has come whole when the answer
 * begins is thrown away before it, and the connection goes on. Nothing here blocks.
 */
public final class LingeringClose extends Handler.Wrapper {
    private static final String ATTACHED = LingeringClose.class.getName();

    private LingeringClose() {}

    /** Lets a server close in this way. */
    public static void addTo(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.insertHandler(new LingeringClose()));
    }

    /** The same for a request that no handler gets, because its head is refused. */
    public static void ofRefusedHead(Request request) {
        if (request.getAttribute(ATTACHED) == null) {
            attach(request, true);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        attach(request, false);
        return super.handle(request, response, callback);
    }

    private static void attach(Request request, boolean refused) {
        ConnectionMetaData connection = request.getConnectionMetaData();
        if (connection.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()) {
            request.setAttribute(ATTACHED, true);
            request.addHttpStreamWrapper(stream -> new LingeringStream(
                    stream,
                    connection.getConnection().getEndPoint(),
                    connection.getConnector().getScheduler(),
                    refused));
        }
    }
}
