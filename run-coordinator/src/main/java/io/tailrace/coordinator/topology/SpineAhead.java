package io.tailrace.coordinator.topology;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.kafka.LogIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * What tasks could not read of the spine when they started, because it is too much for a stream thread: it is read between
 * two sessions, without a bound, and lies here until the tasks have started again. A few hundred bytes for each run that it
 * tells of. Thread-safe; a partition has one task at a time.
 */
public final class SpineAhead {
    /** A fraction of a second to read, and some seconds on a tenth of a core. A thread can have dozens of tasks to start. */
    public static final long MOST = 50_000;

    private final long most;
    private final EventCodec codec = new EventCodec();
    private final Map<Integer, Long> wanted = new ConcurrentHashMap<>();
    private final Map<Integer, SpineFold> folds = new ConcurrentHashMap<>();
    private Optional<LogIdentity> log = Optional.empty();
    private boolean allWanted;

    /** @param most how many offsets of a partition are not too much for a stream thread */
    public SpineAhead(long most) {
        this.most = most;
    }

    long most() {
        return most;
    }

    /** What was read ahead from this offset on, or nothing yet. */
    SpineFold from(int partition, long from) {
        SpineFold found = folds.get(partition);
        if (found != null && found.from() == from) {
            return found;
        }
        folds.remove(partition);
        return new SpineFold(codec, from);
    }

    /** A task needs it from this offset on. */
    void want(int partition, long from) {
        wanted.put(partition, from);
    }

    /**
     * The partitions that tasks could not read, and all others the first time that it was one from its beginning: where one
     * state knows nothing, the others do neither. What was read of another log is forgotten.
     *
     * @param partitions how many run-events has
     */
    public synchronized List<Integer> wanted(LogIdentity now, int partitions) {
        if (!log.equals(Optional.of(now))) {
            log = Optional.of(now);
            wanted.clear();
            folds.clear();
            allWanted = false;
        }
        if (!allWanted && wanted.containsValue(0L)) {
            allWanted = true;
            IntStream.range(0, partitions)
                    .filter(it -> !folds.containsKey(it))
                    .forEach(it -> wanted.putIfAbsent(it, 0L));
        }
        return new ArrayList<>(wanted.keySet());
    }

    /** Whether it holds nothing. */
    public boolean isEmpty() {
        return folds.isEmpty();
    }

    /**
     * Lets go of what was read: the tasks of this process have started with it, and its states know the spine now. What
     * else there is belongs to partitions of others, or of tasks that have left.
     */
    public void forget() {
        folds.clear();
    }

    /**
     * Reads what is wanted of a partition, however long that takes.
     *
     * @throws org.apache.kafka.common.KafkaException if it cannot be read; then it is wanted still
     */
    public void read(int partition, SpineReading spine) {
        Long from = wanted.get(partition);
        if (from != null) {
            SpineFold fold = new SpineFold(codec, from);
            fold.readOn(spine, partition, Long.MAX_VALUE);
            folds.put(partition, fold);
            wanted.remove(partition);
        }
    }
}
