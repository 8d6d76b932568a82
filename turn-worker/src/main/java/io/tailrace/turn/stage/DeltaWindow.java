package io.tailrace.turn.stage;

import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.stage.TurnFact;
import io.tailrace.events.stage.TurnFact.Delta;
import io.tailrace.events.stage.TurnFact.DeltaKind;
import io.tailrace.events.stage.TurnFact.ToolCallPart;
import io.tailrace.turn.provider.ModelDelta;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the deltas of an answer for a moment, so that a fast model does not make a record of each token. The first one
 * after a pause is never delayed; what comes within the window after it is written together, deltas of the same kind as
 * one. Safe from any thread.
 */
final class DeltaWindow {
    /** A window that has so many characters is written at once: a record stays well below what a broker takes. */
    static final int MAX_CHARACTERS = 32 * 1024;

    private final AttemptLog<TurnFact> log;
    private final Duration window;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;

    private final List<Delta> gathered = new ArrayList<>();
    private int characters;
    private long openUntil;
    private boolean wrote;
    private @Nullable ScheduledFuture<?> due;
    private @Nullable AttemptLost lost;

    DeltaWindow(AttemptLog<TurnFact> log, Duration window, ScheduledExecutorService timer, LongSupplier nanoTime) {
        this.log = log;
        this.window = window;
        this.timer = timer;
        this.nanoTime = nanoTime;
    }

    /**
     * Takes the next delta.
     *
     * @throws AttemptLost when the log takes nothing any more
     */
    synchronized void add(ModelDelta delta) throws AttemptLost {
        throwIfLost();
        for (ModelDelta piece : pieces(delta)) {
            addPiece(piece);
        }
    }

    /** A text that no record could hold in pieces that one can. */
    private static List<ModelDelta> pieces(ModelDelta delta) {
        return switch (delta) {
            case ModelDelta.Text(String text)
            when text.length() > MAX_CHARACTERS ->
                split(text).stream().<ModelDelta>map(ModelDelta.Text::new).toList();
            case ModelDelta.Reasoning(String text)
            when text.length() > MAX_CHARACTERS ->
                split(text).stream().<ModelDelta>map(ModelDelta.Reasoning::new).toList();
            case ModelDelta.ToolCall(int index, String id, String name, String arguments)
            when arguments.length() > MAX_CHARACTERS ->
                split(arguments).stream()
                        .<ModelDelta>map(it -> new ModelDelta.ToolCall(index, id, name, it))
                        .toList();
            case ModelDelta.Text _, ModelDelta.Reasoning _, ModelDelta.ToolCall _ -> List.of(delta);
        };
    }

    private static List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + MAX_CHARACTERS);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private void addPiece(ModelDelta delta) throws AttemptLost {
        boolean tooLong = characters > 0 && characters + length(delta) > MAX_CHARACTERS;
        if (tooLong || gathered.size() >= EventHeaders.MAX_COUNT) {
            write();
        }
        gather(delta);
        long now = nanoTime.getAsLong();
        if (!wrote || now - openUntil >= 0 || characters >= MAX_CHARACTERS) {
            write();
        } else if (due == null) {
            due = timer.schedule(this::writeWhenDue, openUntil - now, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Writes what is left.
     *
     * @throws AttemptLost when the log takes nothing any more
     */
    synchronized void flush() throws AttemptLost {
        throwIfLost();
        write();
    }

    private synchronized void writeWhenDue() {
        due = null;
        try {
            write();
        } catch (AttemptLost e) {
            lost = e;
        }
    }

    private void throwIfLost() throws AttemptLost {
        AttemptLost first = lost;
        if (first != null) {
            throw new AttemptLost(String.valueOf(first.getMessage()), first);
        }
    }

    private void write() throws AttemptLost {
        ScheduledFuture<?> scheduled = due;
        if (scheduled != null) {
            scheduled.cancel(false);
            due = null;
        }
        if (gathered.isEmpty()) {
            return;
        }
        TurnFact fact = new TurnFact.ModelDelta(gathered);
        gathered.clear();
        characters = 0;
        wrote = true;
        openUntil = nanoTime.getAsLong() + window.toNanos();
        log.append(fact);
    }

    private void gather(ModelDelta delta) {
        Delta next = switch (delta) {
            case ModelDelta.Text(String text) -> new Delta(DeltaKind.TEXT, text, Optional.empty());
            case ModelDelta.Reasoning(String text) -> new Delta(DeltaKind.REASONING, text, Optional.empty());
            case ModelDelta.ToolCall(int index, String id, String name, String arguments) ->
                new Delta(
                        DeltaKind.TOOL_CALL,
                        arguments,
                        Optional.of(new ToolCallPart(index, Optional.of(id), Optional.of(name))));
        };
        characters += next.text().length();
        if (!gathered.isEmpty() && isSame(gathered.getLast(), next)) {
            Delta last = gathered.removeLast();
            gathered.add(new Delta(last.kind(), last.text() + next.text(), last.toolCall()));
        } else {
            gathered.add(next);
        }
    }

    private static int length(ModelDelta delta) {
        return switch (delta) {
            case ModelDelta.Text(String text) -> text.length();
            case ModelDelta.Reasoning(String text) -> text.length();
            case ModelDelta.ToolCall call -> call.argumentsFragment().length();
        };
    }

    private static boolean isSame(Delta one, Delta other) {
        return one.kind() == other.kind() && Objects.equals(one.toolCall(), other.toolCall());
    }
}
