package io.tailrace.coordinator.host;

import io.tailrace.events.kafka.GroupProgress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Judges from looks at the log whether anything is decided, whatever the threads say. Time is what looks have seen: while
 * no broker answers none passes, and a look that comes late counts for little, so a machine that is slow or stood still is
 * judged slowly too. Pure; confined to the thread that looks.
 */
final class Standstill {
    /** A look that comes later than this after the one before counts for no more. */
    static final Duration LOOK_COUNTS = Duration.ofSeconds(5);

    /** From here on it is worth reading what it is that waits. */
    static final Duration SUSPECT_AFTER = Duration.ofSeconds(5);

    private final Duration standingLimit;
    private final Duration unownedLimit;
    private final Map<TopicPartition, Mark> marks = new HashMap<>();
    private final Map<TopicPartition, Duration> unownedSince = new HashMap<>();
    private Duration now = Duration.ZERO;
    private Optional<Long> lastLook = Optional.empty();
    private Optional<Long> lastMoved = Optional.empty();
    private Duration movedSince = Duration.ZERO;
    private boolean moved;

    /**
     * Has seen nothing yet.
     *
     * @param standingLimit how long something may wait in a partition of this process, or of nobody, with nothing of it
     *     committed
     * @param unownedLimit how long partitions may be without a member of the group, or a session may neither run nor
     *     restore
     */
    Standstill(Duration standingLimit, Duration unownedLimit) {
        this.standingLimit = standingLimit;
        this.unownedLimit = unownedLimit;
    }

    /** @param since when the next offset was first seen to be this one, with something behind it */
    private record Mark(long nextOffset, Duration since) {}

    /** @param nanos when the broker was asked, by this JVM's clock */
    record Look(long nanos, GroupProgress progress, Set<TopicPartition> owned, Session session) {}

    /**
     * What the session says of itself.
     *
     * @param partitions those it reads
     * @param runs whether all of them are assigned and restored
     * @param movedAt anything that changes when the session restores or comes to another state
     */
    record Session(Set<TopicPartition> partitions, boolean runs, long movedAt) {}

    /** No broker answered: what was seen before says nothing of what comes after. */
    void blind() {
        marks.clear();
        unownedSince.clear();
        lastLook = Optional.empty();
        movedSince = now;
    }

    void see(Look look) {
        long sinceLast = lastLook.map(it -> look.nanos() - it).orElse(0L);
        now = now.plusNanos(Math.min(sinceLast, LOOK_COUNTS.toNanos()));
        lastLook = Optional.of(look.nanos());
        if (lastMoved.isEmpty() || lastMoved.get() != look.session().movedAt()) {
            lastMoved = Optional.of(look.session().movedAt());
            movedSince = now;
        }
        look.progress().places().forEach((partition, place) -> {
            Mark mark = marks.get(partition);
            boolean same = mark != null && mark.nextOffset() == place.nextOffset();
            moved |= mark != null && !same;
            if (!same || place.waiting() == 0) {
                marks.put(partition, new Mark(place.nextOffset(), now));
            }
        });
        unownedSince.keySet().removeAll(look.owned());
        look.progress().places().keySet().stream()
                .filter(it -> !look.owned().contains(it))
                .forEach(it -> unownedSince.putIfAbsent(it, now));
    }

    /** Where something seems to wait for long; {@link #nothingWaits} takes back what is none. */
    Set<TopicPartition> suspects() {
        return marks.entrySet().stream()
                .filter(it -> standing(it.getValue()).compareTo(SUSPECT_AFTER) >= 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** These have only markers of transactions, or what was aborted, behind what is committed. */
    void nothingWaits(Collection<TopicPartition> partitions) {
        partitions.forEach(it -> marks.computeIfPresent(it, (_, mark) -> new Mark(mark.nextOffset(), now)));
    }

    private Duration standing(Mark mark) {
        return now.minus(mark.since());
    }

    /** How long something has waited without a commit, where it waited longest. */
    Duration longest() {
        return marks.values().stream()
                .map(this::standing)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** How long there has been reason to think that something holds the session up. */
    Duration heldUp(Session session) {
        Duration still = now.minus(movedSince);
        return session.runs() || still.compareTo(longest()) < 0 ? longest() : still;
    }

    /** Whether the group has ever been seen to commit anything. */
    boolean hasMoved() {
        return moved;
    }

    /** What is wrong as of the last look. A session that restores something or is being assigned partitions is heard out. */
    Optional<String> fault(Session session) {
        Duration still = now.minus(movedSince);
        if (still.compareTo(standingLimit) <= 0) {
            return Optional.empty();
        }
        Set<String> standing = marks.entrySet().stream()
                .filter(it -> standing(it.getValue()).compareTo(standingLimit) > 0)
                .map(Map.Entry::getKey)
                .filter(it -> session.partitions().contains(it) || unownedSince.containsKey(it))
                .map(TopicPartition::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!standing.isEmpty()) {
            return Optional.of("records wait in " + standing + " and nothing has been decided for "
                    + longest().toSeconds() + " s");
        }
        Set<String> unowned = unownedSince.entrySet().stream()
                .filter(it -> now.minus(it.getValue()).compareTo(unownedLimit) > 0)
                .map(it -> it.getKey().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!unowned.isEmpty() && still.compareTo(unownedLimit) > 0) {
            return Optional.of("no coordinator has had " + unowned + " for " + unownedLimit.toSeconds() + " s");
        }
        return session.runs() || still.compareTo(unownedLimit) <= 0
                ? Optional.empty()
                : Optional.of("partitions have been neither worked on nor restored for " + still.toSeconds() + " s");
    }
}
