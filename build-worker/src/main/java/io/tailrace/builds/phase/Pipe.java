package io.tailrace.builds.phase;

import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.sandbox.isolation.SecretMask;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One output pipe of a command: a thread of its own reads it into the mailbox; everything else is confined to the thread that runs the
 * phase.
 */
final class Pipe {

    private static final Logger log = LoggerFactory.getLogger(Pipe.class);
    private static final int BUFFER_BYTES = 32 * 1024;

    private final LineSplitter splitter;
    private final Optional<SecretMask> mask;
    private final Thread reader;
    private final long partialAfterNanos;
    private boolean closed;
    private long partialDueAt;
    private boolean partialPending;

    private Pipe(
            ConsoleStream stream,
            InputStream in,
            Mailbox mailbox,
            PhaseSettings settings,
            Optional<SecretMask> mask,
            LineSplitter.Receiver to) {
        this.mask = mask;
        this.splitter = new LineSplitter(stream, settings.maxLineBytes(), to);
        this.partialAfterNanos = settings.partialAfter().toNanos();
        this.reader = Thread.ofPlatform()
                .daemon()
                .name("build-" + stream.name().toLowerCase(Locale.ROOT))
                .unstarted(() -> read(in, mailbox));
    }

    static Pipe open(
            ConsoleStream stream,
            InputStream in,
            Mailbox mailbox,
            PhaseSettings settings,
            Optional<SecretMask> mask,
            LineSplitter.Receiver to) {
        Pipe pipe = new Pipe(stream, in, mailbox, settings, mask, to);
        pipe.reader.start();
        return pipe;
    }

    private void read(InputStream in, Mailbox mailbox) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (in) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                mailbox.putChunk(new Input.Chunk(this, Arrays.copyOf(buffer, length)));
            }
        } catch (IOException e) {
            log.warn("A build's output pipe broke; what came so far is kept", e);
        } catch (InterruptedException e) {
            log.debug("Reading a build's output was given up", e);
        } finally {
            mailbox.putClosed(new Input.Closed(this)); // also when memory is short: nobody must wait for more
        }
    }

    void accept(byte[] bytes, long now) {
        byte[] shown = mask.isPresent() ? mask.get().next(bytes) : bytes;
        splitter.accept(shown, 0, shown.length);
        boolean pending = splitter.hasPartial();
        if (pending && !partialPending) {
            partialDueAt = now + partialAfterNanos;
        }
        partialPending = pending;
    }

    /** How long until the unfinished line is shown, in nanoseconds; very long when there is none. */
    long untilPartial(long now) {
        return partialPending ? Math.max(0, partialDueAt - now) : Long.MAX_VALUE;
    }

    void flushPartialIfDue(long now) {
        if (partialPending && now - partialDueAt >= 0) {
            splitter.flushPartial();
            partialPending = false;
        }
    }

    void finish() {
        if (mask.isPresent()) {
            byte[] rest = mask.get().end();
            splitter.accept(rest, 0, rest.length);
        }
        splitter.finish();
        partialPending = false;
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Waits for the reading thread; gives it up after this time, for a process that could not be ended may hold the pipe open. */
    boolean join(Duration patience) {
        try {
            return reader.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !reader.isAlive();
        }
    }
}
