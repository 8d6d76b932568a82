package io.tailrace.systemtests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What happened in a chaos run, with times since its beginning, and what of it must not happen. Thread-safe. */
final class ChaosFindings {
    private static final int SHOWN = 40;

    private final long began = System.nanoTime();
    private final List<String> timeline = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    Duration since() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** A fault, or what a supervisor said. */
    void happened(String what) {
        String line = stamped(what);
        synchronized (this) {
            timeline.add(line);
        }
        System.out.println(line);
    }

    /** Something that must not happen. */
    void isWrong(String what) {
        String line = stamped(what);
        synchronized (this) {
            wrong.add(line);
        }
        System.out.println("WRONG " + line);
    }

    /**
     * A question about a run that was promised with 201 or 202 was not answered with 2xx. Whoever asks again gets the answer
     * once the log can be read and the creation is decided: 503 until then is counted.
     */
    void refused(String question, int status) {
        count("answered " + status);
        if (status != 503) {
            isWrong(question + " was answered " + status);
        }
    }

    /** The stream of a run that was promised was not answered with 200 or 204, from which browsers never come back. */
    void streamRefused(String question, int status) {
        count("streams answered " + status);
        isWrong(question + " was answered " + status);
    }

    synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    synchronized int counted(String what) {
        return counts.getOrDefault(what, 0);
    }

    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    private String stamped(String what) {
        return String.format(Locale.ROOT, "%8.3f s  %s", since().toMillis() / 1000.0, what);
    }

    /** For a person who wants to see it again. */
    synchronized String report(String head) {
        List<String> lines = new ArrayList<>(List.of(head, "counted: " + counts, "what happened:"));
        lines.addAll(timeline);
        lines.add(wrong.size() + " things that must not happen:");
        lines.addAll(wrong.subList(0, Math.min(SHOWN, wrong.size())));
        return String.join("\n", lines);
    }
}
