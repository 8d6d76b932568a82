package io.tailrace.turn.stage;

import io.tailrace.events.reading.Fence.Verdict;
import io.tailrace.events.run.Failure;
import io.tailrace.events.stage.BuildEvent;
import io.tailrace.events.stage.BuildFact.BuildCompleted;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleLines;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.events.stage.TurnFact.ToolOutcome;
import io.tailrace.events.work.Continuation.BuildAnswer;
import io.tailrace.turn.tool.CallResult;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The end of what a build printed, of the attempt that counted in the end, in the order of the log. Holds a little more
 * than it keeps. Confined to one thread.
 */
final class BuildOutput {
    private final int maxBytes;
    private final Deque<byte[]> lines = new ArrayDeque<>();
    private long held;
    private long printed;
    private Optional<Instant> first = Optional.empty();
    private Duration took = Duration.ZERO;

    /** @param maxBytes that are kept, in UTF-8 */
    BuildOutput(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The next record of the build's chapter that counts. */
    void take(BuildEvent event, Verdict verdict) {
        if (verdict == Verdict.CLAIMS) {
            lines.clear();
            held = 0;
            printed = 0;
            first = Optional.empty();
        }
        Instant begin = first.orElse(event.occurredAt());
        first = Optional.of(begin);
        if (event.payload() instanceof ConsoleLines window) {
            window.lines().forEach(this::take);
        } else if (event.payload() instanceof BuildCompleted completed) {
            took = completed.duration();
        } else if (verdict == Verdict.ENDS && event.occurredAt().isAfter(begin)) {
            took = Duration.between(begin, event.occurredAt());
        }
    }

    private void take(ConsoleLine line) {
        boolean ends = line.end() == LineEnd.NEWLINE || line.end() == LineEnd.EOF;
        byte[] text = (line.text() + (ends ? "\n" : "")).getBytes(StandardCharsets.UTF_8);
        lines.addLast(text);
        held += text.length;
        printed += text.length;
        while (held - lines.getFirst().length >= maxBytes) {
            held -= lines.removeFirst().length;
        }
    }

    /** How long the attempt took. */
    Duration took() {
        return took;
    }

    /** What the model is told: how the build ended, and the end of its output, together within the bound. */
    CallResult told(BuildAnswer build) {
        String head = head(build);
        long whole = length(head) + printed;
        String text = head + "\n\n";
        if (printed == 0) {
            text = head + " It printed nothing.";
        } else if (length(text) + printed <= maxBytes) {
            text += tail(printed);
        } else {
            // As long as it can become: what it says depends on what there is room for.
            int note = length(note(printed, printed));
            int room = maxBytes - length(text) - note;
            String kept = room > 0 ? tail(room) : "";
            text += note(printed - length(kept), printed) + kept;
        }
        String bounded = length(text) <= maxBytes ? text : begin(head);
        long bytes = Math.max(whole, length(bounded));
        return switch (build.outcome()) {
            case SUCCEEDED -> new CallResult(ToolOutcome.SUCCEEDED, bounded, bytes, Optional.empty());
            case FAILED -> new CallResult(ToolOutcome.FAILED, bounded, bytes, Optional.of("build_failed"));
            case CANCELED -> new CallResult(ToolOutcome.FAILED, bounded, bytes, Optional.of("build_canceled"));
        };
    }

    /** A bound that is too small for more has the beginning of the head. */
    private String begin(String head) {
        byte[] utf8 = head.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(utf8.length, maxBytes);
        while (end > 0 && end < utf8.length && isInCharacter(utf8[end])) {
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }

    private static String head(BuildAnswer build) {
        String ended = switch (build.outcome()) {
            case SUCCEEDED -> "The build succeeded.";
            case FAILED -> "The build failed";
            case CANCELED -> "The build was canceled";
        };
        if (build.failure().isEmpty()) {
            String exit = build.exitCode()
                    .filter(it -> it != 0)
                    .map(it -> " with exit code " + it)
                    .orElse("");
            return ended.endsWith(".") ? ended : ended + exit + ".";
        }
        Failure failure = build.failure().get().bounded();
        return (ended.endsWith(".") ? ended + " " : ended + ": ")
                + failure.message()
                + failure.phase().map(it -> " (phase " + it + ")").orElse("");
    }

    private static String note(long leftOut, long printed) {
        return "[Left out: the first " + leftOut + " of the " + printed + " bytes that it printed.]\n";
    }

    /** Whole characters. */
    private String tail(long bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        lines.forEach(all::writeBytes);
        byte[] utf8 = all.toByteArray();
        int begin = (int) Math.max(0, utf8.length - bytes);
        while (begin < utf8.length && begin > 0 && isInCharacter(utf8[begin])) {
            begin++;
        }
        return new String(utf8, begin, utf8.length - begin, StandardCharsets.UTF_8);
    }

    private static boolean isInCharacter(byte unit) {
        return (unit & 0xC0) == 0x80;
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
