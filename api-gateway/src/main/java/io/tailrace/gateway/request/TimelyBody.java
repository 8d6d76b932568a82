package io.tailrace.gateway.request;

import io.tailrace.gateway.problem.RunProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Reads a body that is bounded in bytes and in time. A client that sends a byte now and then never lets the server's idle
 * time-out come, and keeps what stands behind the body: memory, or one of the few places for uploads. Immutable.
 */
public final class TimelyBody {
    /** How long a body may take however short it is; and again for each so many bytes that have come. */
    static final Duration GRACE = Duration.ofSeconds(30);

    static final int BYTES_A_SECOND = 16 * 1024;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoTime;

    TimelyBody(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** By the system's clock. */
    public TimelyBody() {
        this(System::nanoTime);
    }

    /**
     * All bytes of a request's body. Blocks until they are there; of a body that says to be too long none is read.
     *
     * @throws RunProblem {@code body_too_large}, or {@code request_timeout} if they come too slowly
     */
    public byte[] readAll(HttpServletRequest request, int maxBytes) throws IOException {
        if (request.getContentLengthLong() > maxBytes) {
            throw RunProblem.bodyTooLarge(maxBytes);
        }
        byte[] bytes = read(request.getInputStream(), maxBytes);
        if (bytes.length > maxBytes) {
            throw RunProblem.bodyTooLarge(maxBytes);
        }
        return bytes;
    }

    /**
     * The bytes of a body, or one more than this many of a longer one. Blocks until they are there.
     *
     * @throws RunProblem {@code request_timeout} if they come too slowly
     */
    byte[] read(InputStream in, int atMost) throws IOException {
        long began = nanoTime.getAsLong();
        ByteArrayOutputStream body = new ByteArrayOutputStream(Math.min(atMost, 8192));
        byte[] buffer = new byte[8192];
        int read = 0;
        while (read >= 0 && body.size() <= atMost) {
            body.write(buffer, 0, read);
            if (isLate(began, body.size())) {
                throw RunProblem.bodyTooSlow();
            }
            read = in.read(buffer, 0, Math.min(buffer.length, atMost + 1 - body.size()));
        }
        return body.toByteArray();
    }

    private boolean isLate(long began, long bytes) {
        return nanoTime.getAsLong() - began > GRACE.toNanos() + bytes * SECOND / BYTES_A_SECOND;
    }
}
