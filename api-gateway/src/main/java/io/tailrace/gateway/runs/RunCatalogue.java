package io.tailrace.gateway.runs;

import io.tailrace.events.codec.EventCodec;
import io.tailrace.events.codec.UndecodableRecord;
import io.tailrace.events.id.RunId;
import io.tailrace.events.id.WorkspaceId;
import io.tailrace.events.log.Topic;
import io.tailrace.events.run.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The current view of every run, in memory, by id and by time of creation. Written by one thread (the tail's), read and
 * waited on by any. Views are held encoded and decoded when they are asked for; how much that is per run stands in
 * {@code docs/decisions/}.
 */
public final class RunCatalogue {
    /** No run id sorts before it. */
    private static final RunId SMALLEST = new RunId("0---");

    private final EventCodec codec;
    private final Map<RunId, CatalogueEntry> byId = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<PageKey, CatalogueEntry> byCreation = new ConcurrentSkipListMap<>();
    private final Map<RunId, List<Watch>> watches = new ConcurrentHashMap<>();
    private final Map<WorkspaceId, WorkspaceId> workspaces = new ConcurrentHashMap<>();
    private final Map<String, String> kinds = new ConcurrentHashMap<>();
    private final AtomicLong heldBytes = new AtomicLong();

    /** Somebody who waits; equal to itself alone. */
    private static final class Watch {
        private final Predicate<RunView> wanted;
        private final CompletableFuture<RunView> seen = new CompletableFuture<>();

        Watch(Predicate<RunView> wanted) {
            this.wanted = wanted;
        }
    }

    RunCatalogue(EventCodec codec) {
        this.codec = codec;
    }

    /** Takes a run's view as the current one. For the writing thread alone. */
    void put(RunView view, byte[] encoded) {
        PageKey key = new PageKey(view.createdAt().toEpochMilli(), view.runId());
        HeldView held = HeldView.of(view.status(), encoded);
        CatalogueEntry entry = byId.get(view.runId());
        if (entry != null && entry.key().equals(key)) {
            heldBytes.addAndGet(held.bytes().length - entry.held().bytes().length);
            entry.hold(held);
        } else {
            if (entry != null) {
                remove(view.runId());
            }
            WorkspaceId workspace = workspaces.computeIfAbsent(view.workspace(), it -> it);
            String kind = kinds.computeIfAbsent(view.kind(), it -> it);
            CatalogueEntry made = new CatalogueEntry(key, workspace, kind, held);
            heldBytes.addAndGet(held.bytes().length);
            byId.put(view.runId(), made);
            byCreation.put(key, made);
        }
        tell(view);
    }

    /** Forgets a run. For the writing thread alone. */
    void remove(RunId run) {
        CatalogueEntry entry = byId.remove(run);
        if (entry != null) {
            byCreation.remove(entry.key());
            heldBytes.addAndGet(-entry.held().bytes().length);
        }
    }

    /** Forgets everything: the log is another one. For the writing thread alone. */
    void clear() {
        byId.clear();
        byCreation.clear();
        heldBytes.set(0);
    }

    /** The run's view as far as it was read; empty if there is none, or it was not read yet. */
    public Optional<RunView> find(RunId run) {
        return Optional.ofNullable(byId.get(run)).map(this::view);
    }

    /**
     * Waits for a run's view that fulfils a condition. The condition is also asked on the tail's thread: it must be
     * quick and must not block.
     *
     * @return the first such view that was seen; empty if the time was up before
     */
    public Optional<RunView> await(RunId run, Predicate<RunView> wanted, Duration atMost) throws InterruptedException {
        Watch watch = new Watch(wanted);
        watches.merge(run, List.of(watch), RunCatalogue::joined);
        try {
            Optional<RunView> now = find(run).filter(wanted);
            if (now.isPresent()) {
                return now;
            }
            return Optional.of(watch.seen.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a condition on a run's view failed", e.getCause());
        } finally {
            watches.computeIfPresent(run, (_, list) -> without(list, watch));
        }
    }

    /**
     * The runs that pass the filter, the newest first.
     *
     * @param after where the page before ended; empty for the first
     * @param limit how many runs at the most, at least 1
     */
    public RunPage page(RunFilter filter, Optional<PageKey> after, int limit) {
        Optional<PageKey> before = filter.createdBefore().map(RunCatalogue::firstBefore);
        Optional<PageKey> start = after;
        if (before.isPresent() && (after.isEmpty() || before.get().compareTo(after.get()) > 0)) {
            start = before;
        }
        Map<PageKey, CatalogueEntry> rest = start.isPresent() ? byCreation.tailMap(start.get(), false) : byCreation;
        List<RunView> runs = new ArrayList<>();
        Optional<PageKey> last = Optional.empty();
        for (CatalogueEntry entry : rest.values()) {
            if (filter.createdAfter().isPresent()
                    && entry.key().createdAt() <= filter.createdAfter().get().toEpochMilli()) {
                break;
            }
            if (!filter.passes(entry)) {
                continue;
            }
            if (runs.size() == limit) {
                return new RunPage(runs, last);
            }
            runs.add(view(entry));
            last = Optional.of(entry.key());
        }
        return new RunPage(runs, Optional.empty());
    }

    /** How many runs there are. */
    public int size() {
        return byId.size();
    }

    /** How many bytes the held views have, their indexes aside. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** The key after which everything sorts that was created before this time, and nothing else. */
    private static PageKey firstBefore(Instant time) {
        long millis = time.toEpochMilli();
        long exclusive = Instant.ofEpochMilli(millis).equals(time) ? millis : millis + 1;
        return new PageKey(exclusive, SMALLEST);
    }

    private void tell(RunView view) {
        for (Watch watch : watches.getOrDefault(view.runId(), List.of())) {
            try {
                if (watch.wanted.test(view)) {
                    watch.seen.complete(view);
                }
            } catch (RuntimeException e) {
                watch.seen.completeExceptionally(e);
            }
        }
    }

    private RunView view(CatalogueEntry entry) {
        try {
            return codec.decode(Topic.RUNS, RunView.class, entry.held().encoded());
        } catch (UndecodableRecord e) {
            throw new IllegalStateException("a view that was decoded before cannot be decoded again", e);
        }
    }

    private static List<Watch> joined(List<Watch> one, List<Watch> other) {
        List<Watch> all = new ArrayList<>(one);
        all.addAll(other);
        return List.copyOf(all);
    }

    @SuppressWarnings("NullAway") // null takes the entry out of the map
    private static List<Watch> without(List<Watch> list, Watch watch) {
        List<Watch> rest = list.stream().filter(it -> !it.equals(watch)).toList();
        return rest.isEmpty() ? null : rest;
    }
}
