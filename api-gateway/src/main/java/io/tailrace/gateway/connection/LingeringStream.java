package io.tailrace.gateway.connection;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A request and its answer on a connection, which is not closed before the client can have read the answer. */
final class LingeringStream extends HttpStream.Wrapper {
    private static final int FIRST_FINAL_STATUS = 200;

    private final EndPoint connection;
    private final Scheduler scheduler;
    private volatile boolean unread;
    private volatile boolean answered;

    /** @param unread whether it is known that the request is not read to its end */
    LingeringStream(HttpStream stream, EndPoint connection, Scheduler scheduler, boolean unread) {
        super(stream);
        this.connection = connection;
        this.scheduler = scheduler;
        this.unread = unread;
    }

    @Override
    public void send(
            MetaData.Request request,
            MetaData.@Nullable Response response,
            boolean last,
            ByteBuffer content,
            Callback callback) {
        if (response != null && response.getStatus() >= FIRST_FINAL_STATUS && consumeAvailable() != null) {
            // The head of the answer, which is made now, says that the connection ends. No 100 was sent by this.
            unread = true;
        }
        super.send(request, response, last, content, last ? new LastWrite(callback) : callback);
    }

    @Override
    public void succeeded() {
        end(super::succeeded);
    }

    @Override
    public void failed(Throwable failure) {
        end(() -> super.failed(failure));
    }

    private void end(Runnable completion) {
        // Half an answer is not to look like a whole one: its connection is cut.
        if (unread && answered) {
            new DiscardedInput(connection, scheduler, completion).start();
        } else {
            completion.run();
        }
    }

    private final class LastWrite extends Callback.Nested {
        LastWrite(Callback callback) {
            super(callback);
        }

        @Override
        public void succeeded() {
            answered = true;
            super.succeeded();
        }
    }
}
