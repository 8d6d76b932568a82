package io.tailrace.builds.testing;

import io.tailrace.events.log.LogPosition;
import io.tailrace.events.log.Topic;
import io.tailrace.events.stage.BuildFact;
import io.tailrace.events.stage.BuildFact.ConsoleLine;
import io.tailrace.events.stage.BuildFact.ConsoleStream;
import io.tailrace.events.stage.BuildFact.LineEnd;
import io.tailrace.worker.attempt.AttemptLog;
import io.tailrace.worker.attempt.AttemptLost;
import java.util.ArrayList;
import java.util.List;

/** An attempt's log in memory. It can be made to take nothing for a while, or to be lost. */
public final class RecordedLog implements AttemptLog<BuildFact> {

    private final List<BuildFact> facts = new ArrayList<>();
    private boolean blocked;
    private int waiting;
    private boolean lost;

    @Override
    public synchronized void append(BuildFact fact) throws AttemptLost {
        waiting++;
        while (blocked) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new AttemptLost("interrupted", e);
            }
        }
        waiting--;
        if (lost) {
            throw new AttemptLost("for a test");
        }
        facts.add(fact);
    }

    @Override
    public synchronized LogPosition sync() throws AttemptLost {
        if (lost) {
            throw new AttemptLost("for a test");
        }
        return last();
    }

    private LogPosition last() {
        return new LogPosition(Topic.BUILD_EVENTS, 0, facts.size() - 1L);
    }

    @Override
    public synchronized LogPosition end(BuildFact fact) throws AttemptLost {
        append(fact);
        lost = true;
        return last();
    }

    public synchronized List<BuildFact> facts() {
        return List.copyOf(facts);
    }

    public synchronized void lose() {
        lost = true;
    }

    /** From now on appends block. */
    public synchronized void block() {
        blocked = true;
    }

    public synchronized void unblock() {
        blocked = false;
        notifyAll();
    }

    /** How many appends are blocked. */
    public synchronized int waiting() {
        return waiting;
    }

    public <T extends BuildFact> List<T> all(Class<T> type) {
        return facts().stream().filter(type::isInstance).map(type::cast).toList();
    }

    public List<ConsoleLine> lines() {
        return all(BuildFact.ConsoleLines.class).stream()
                .flatMap(window -> window.lines().stream())
                .toList();
    }

    public String text(ConsoleStream stream) {
        StringBuilder text = new StringBuilder();
        for (ConsoleLine line : lines()) {
            if (line.stream() == stream) {
                text.append(line.text()).append(line.end() == LineEnd.NEWLINE ? "\n" : "");
            }
        }
        return text.toString();
    }
}
