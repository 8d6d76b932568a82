package io.tailrace.gateway.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection whose last answer is sent: throws away what the client still sends until it ends too. While
 * nothing comes no thread and no buffer is held.
 *
 * <p>Bounded, because nobody is served by it. In bytes: twice the largest body that a route takes by default, so that a
 * client which sends all of it before it reads is told that it was too much. In time: {@link #GRACE}, a second more for
 * each {@link #BYTES_A_SECOND}, and {@link #AT_MOST} in all.
 */
final class DiscardedInput implements Callback {
    static final Duration GRACE = Duration.ofSeconds(5);
    static final Duration AT_MOST = Duration.ofSeconds(30);
    static final long MAX_BYTES = 64L * 1024 * 1024;
    private static final long BYTES_A_SECOND = 16 * 1024;

    private final EndPoint connection;
    private final Scheduler scheduler;
    private final Runnable completion;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final long began = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Scheduler.@Nullable Task deadline;

    /** @param completion is run once, when the connection is closed */
    DiscardedInput(EndPoint connection, Scheduler scheduler, Runnable completion) {
        this.connection = connection;
        this.scheduler = scheduler;
        this.completion = completion;
    }

    void start() {
        connection.shutdownOutput();
        endAfter(GRACE.toNanos());
        discard();
    }

    @Override
    public void succeeded() {
        discard();
    }

    @Override
    public void failed(Throwable cause) {
        end();
    }

    private void discard() {
        ByteBuffer buffer = BufferUtil.allocate(16 * 1024);
        try {
            int read = connection.fill(buffer);
            while (read > 0 && bytes.addAndGet(read) < MAX_BYTES) {
                BufferUtil.clear(buffer);
                read = connection.fill(buffer);
            }
            if (read != 0 || !connection.tryFillInterested(this)) {
                end();
            }
        } catch (IOException _) {
            end();
        }
    }

    private void endAfter(long nanos) {
        deadline = scheduler.schedule(this::endIfLate, nanos, TimeUnit.NANOSECONDS);
    }

    private void endIfLate() {
        long allowed =
                GRACE.plus(Duration.ofSeconds(bytes.get() / BYTES_A_SECOND)).toNanos();
        long left = Math.min(allowed, AT_MOST.toNanos()) - (System.nanoTime() - began);
        if (left <= 0) {
            end();
        } else if (!ended.get()) {
            endAfter(left);
        }
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            Scheduler.Task waiting = deadline;
            if (waiting != null) {
                waiting.cancel();
            }
            connection.close();
            completion.run();
        }
    }
}
