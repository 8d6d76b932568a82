package io.tailrace.gateway.stream;

import io.tailrace.gateway.view.MappedView;
import io.tailrace.gateway.view.SseFrame;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The answer while it cannot be told what the client asks for: it comes again. Confined to the connection's thread. */
record ServedLater(MappedView view, StreamContext context) implements Served {
    @Override
    public void check() {
        // Nothing is known for certain.
    }

    @Override
    public byte[] heartbeat() {
        return SseFrame.heartbeat();
    }

    @Override
    public void serve(boolean headOnly, HttpServletResponse response) throws IOException {
        context.meters().opened("held");
        Served.begin(response, headOnly);
        if (!headOnly) {
            response.getOutputStream().write(heartbeat());
            comeAgain(response.getOutputStream(), context.retryWithoutPlace());
        }
    }
}
