package io.tailrace.cli.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.cli.runs.RunFrame;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Which turns have been answered, and which of ours have not: told by the stream, waited on by who submits. Thread-safe. */
public final class TurnBoard {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, String> turnOfStage = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> ours = new LinkedHashSet<>();
    private boolean over;
    private final Set<String> unanswered = new HashSet<>();

    /** We have submitted a turn. */
    public void submitted(String turn) {
        lock.lock();
        try {
            ours.add(turn);
        } finally {
            lock.unlock();
        }
    }

    /** Takes what the run's stream brings: its events, and notices of them. */
    public void frame(RunFrame frame) {
        if (frame.isEvent() || frame.isNotice()) {
            event(frame.data());
        }
    }

    private void event(JsonNode event) {
        JsonNode payload = event.path("payload");
        lock.lock();
        try {
            switch (event.path("type").asText()) {
                case "stage.requested" ->
                    turnOfStage.put(
                            event.path("stage_id").asText(),
                            payload.path("turn_id").asText());
                case "turn.rejected" -> end(payload.path("turn_id").asText(), false);
                // Not the turn's own last event: only when the coordinator has read that one too is the next turn
                // welcome.
                case "stage.finished" ->
                    end(
                            turnOfStage.getOrDefault(event.path("stage_id").asText(), ""),
                            payload.path("outcome").asText().equals("succeeded"));
                case "run.completed" -> over = true;
                default -> {
                    // It ends nothing.
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(String turn, boolean answered) {
        if (ended.add(turn) && !answered) {
            unanswered.add(turn);
        }
    }

    /** Nothing will be told any more. */
    public void over() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The turns that we have submitted and that have not ended. */
    Set<String> waiting() {
        lock.lock();
        try {
            Set<String> waiting = new LinkedHashSet<>(ours);
            waiting.removeAll(ended);
            return over ? Set.of() : waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all turns that we have submitted have ended, or the run has. */
    public void awaitAll() throws InterruptedException {
        lock.lock();
        try {
            while (!waiting().isEmpty()) {
                boolean _ = changed.await(1, TimeUnit.SECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the run has ended, or can be followed no more. */
    public boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    /** Whether every turn of ours was answered. */
    boolean allAnswered() {
        lock.lock();
        try {
            return ended.containsAll(ours) && ours.stream().noneMatch(unanswered::contains);
        } finally {
            lock.unlock();
        }
    }
}
