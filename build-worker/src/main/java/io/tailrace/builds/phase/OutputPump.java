package io.tailrace.builds.phase;

import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.sandbox.isolation.Secrets;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings what a build's commands print to its log, in windows. Confined to the build's thread, but for {@link #signal}.
 *
 * <p>The thread blocks in {@link AttemptLog#append} while the log takes less than is printed; then the mailbox and after it the pipes
 * fill, and slow the processes. So memory is bounded by the mailbox, one window, and one line per pipe.
 */
final class OutputPump {

    /** Output of a build, as opposed to output of a later stage of the same run. */
    private static final String SCOPE = "build";

    private final AttemptLog<BuildFact> attemptLog;
    private final PhaseSettings settings;
    private final Secrets secrets;
    private final Mailbox mailbox = new Mailbox();
    private final List<Pipe> pipes = new ArrayList<>();
    private final OutputWindow window = new OutputWindow(System.nanoTime());
    private Optional<String> phase = Optional.empty();
    private Optional<AttemptLost> lost = Optional.empty();
    private long lines;
    private long bytes;
    private long lastOutputAt = System.nanoTime();

    OutputPump(AttemptLog<BuildFact> attemptLog, PhaseSettings settings, Secrets secrets) {
        this.secrets = secrets;
        this.attemptLog = attemptLog;
        this.settings = settings;
    }

    long lines() {
        return lines;
    }

    long bytes() {
        return bytes;
    }

    /** When the last bytes were handled, in {@link System#nanoTime}. */
    long lastOutputAt() {
        return lastOutputAt;
    }

    /** Output is said to be of this phase from now on. */
    void enter(String phaseName) {
        phase = Optional.of(phaseName);
    }

    /** Follows the two pipes of a command, until all who can write to them have closed them. */
    List<Pipe> open(Process process) {
        List<Pipe> opened = List.of(
                Pipe.open(
                        ConsoleStream.STDOUT, process.getInputStream(), mailbox, settings, secrets.mask(), this::line),
                Pipe.open(
                        ConsoleStream.STDERR, process.getErrorStream(), mailbox, settings, secrets.mask(), this::line));
        pipes.removeIf(Pipe::isClosed);
        pipes.addAll(opened);
        return opened;
    }

    boolean areAllClosed() {
        return pipes.stream().allMatch(Pipe::isClosed);
    }

    /** Tells the build's thread something. From any thread. */
    void signal(Input signal) {
        mailbox.putSignal(signal);
    }

    /**
     * Waits for an input, no longer than this and no longer than output may wait, and handles it as far as output goes.
     *
     * @return the input, for the caller to handle the rest
     */
    Optional<Input> step(long nanos) throws AttemptLost, InterruptedException {
        Optional<Input> input = mailbox.poll(Math.min(nanos, untilOutputIsDue(System.nanoTime())));
        long now = System.nanoTime();
        if (input.isPresent()) {
            handle(input.get(), now);
        }
        pipes.forEach(pipe -> pipe.flushPartialIfDue(now));
        if (window.isDue(now)) {
            appendWindow();
        }
        throwIfLost();
        return input;
    }

    /** Appends the lines that wait, unfinished ones not. */
    void flush() throws AttemptLost {
        if (!window.isEmpty()) {
            appendWindow();
        }
        throwIfLost();
    }

    /** Appends nothing more; the pipes are read to their ends, so that nobody hangs in a write. */
    void discard() {
        mailbox.discard();
    }

    /** Waits for the threads that read the pipes. Answers whether all have ended. */
    boolean join(Duration patience) {
        boolean ended = true;
        for (Pipe pipe : pipes) {
            ended &= pipe.join(patience);
        }
        return ended;
    }

    private void handle(Input input, long now) {
        switch (input) {
            case Input.Chunk(Pipe pipe, byte[] chunk) -> {
                bytes += chunk.length;
                pipe.accept(chunk, now);
                lastOutputAt = System.nanoTime();
            }
            case Input.Closed(Pipe pipe) -> pipe.finish();
            case Input.Exited _, Input.TreeEnded _, Input.Wake _, Input.Overused _ -> {}
        }
    }

    private void line(ConsoleLine line, int lineBytes) {
        if (window.isFullFor(lineBytes)) {
            appendWindow();
        }
        window.add(line, lineBytes);
    }

    private void appendWindow() {
        List<ConsoleLine> taken = window.take(System.nanoTime());
        if (lost.isPresent()) {
            return;
        }
        try {
            attemptLog.append(new BuildFact.ConsoleLines(SCOPE, phase, taken));
            lines += taken.size();
        } catch (AttemptLost e) {
            lost = Optional.of(e);
        }
    }

    private void throwIfLost() throws AttemptLost {
        if (lost.isPresent()) {
            throw lost.get();
        }
    }

    private long untilOutputIsDue(long now) {
        long until = window.isEmpty() ? Long.MAX_VALUE : Math.max(0, window.dueAt() - now);
        for (Pipe pipe : pipes) {
            until = Math.min(until, pipe.untilPartial(now));
        }
        return until;
    }
}
