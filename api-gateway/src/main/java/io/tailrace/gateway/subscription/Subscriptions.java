package io.tailrace.gateway.subscription;

import io.tailrace.events.id.RunId;
import io.tailrace.events.run.RunView;
import io.tailrace.gateway.kafka.LogConnection;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.problem.SubscriptionProblem;
import io.tailrace.gateway.readmodel.ReadModelTail;
import io.tailrace.gateway.runs.RunDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The subscriptions that the log has. Blocks its callers, bounded; for virtual threads. Thread-safe. */
public final class Subscriptions {
    private static final int PARTITION = 0;
    /** How many runs that there are not one refusal names. */
    private static final int NAMED = 10;

    private final SubscriptionReader reader;
    private final ReadModelTail tail;
    private final SubscriptionWriter writer;
    private final RunDirectory directory;
    private final LogConnection connection;
    private final Duration within;
    private final int maxRuns;

    Subscriptions(
            SubscriptionReader reader,
            ReadModelTail tail,
            SubscriptionWriter writer,
            RunDirectory directory,
            LogConnection connection,
            Duration within,
            int maxRuns) {
        this.reader = reader;
        this.tail = tail;
        this.writer = writer;
        this.directory = directory;
        this.connection = connection;
        this.within = within;
        this.maxRuns = maxRuns;
    }

    /** A subscription as it is stored, and whether that was new. */
    record Stored(Subscription subscription, boolean isNew) {}

    /**
     * The subscription with an id, as the log has it when this is called.
     *
     * @throws RunProblem {@code unknown_subscription}, or {@code catalogue_behind} if that could not be made sure of
     */
    public Subscription require(String id) throws InterruptedException {
        return find(id).orElseThrow(() -> SubscriptionProblem.unknownSubscription(id));
    }

    /**
     * The same for who must not be refused while the log cannot be asked: as it was read last; empty if it cannot be told.
     *
     * @throws RunProblem {@code unknown_subscription}
     */
    public Optional<Subscription> known(String id) throws InterruptedException {
        if (connection.unreachable().isEmpty() && tail.catchUp(PARTITION, within)) {
            return Optional.of(reader.find(id).orElseThrow(() -> SubscriptionProblem.unknownSubscription(id)));
        }
        return reader.find(id);
    }

    /**
     * The subscription with an id, as the log has it when this is called; empty if there is none.
     *
     * @throws RunProblem {@code catalogue_behind} if that could not be made sure of
     */
    Optional<Subscription> find(String id) throws InterruptedException {
        catchUp();
        return reader.find(id);
    }

    /** Whether nobody has changed or deleted it, as far as is known here. Never blocks. */
    public boolean isCurrent(Subscription subscription) {
        // While the topic is read anew there is none, which says nothing.
        return !tail.progress().loaded()
                || reader.find(subscription.id()).filter(subscription::equals).isPresent();
    }

    List<Subscription> all() throws InterruptedException {
        catchUp();
        return reader.all();
    }

    /** How many of its runs have ended, and how many there are no more, as far as this gateway knows. Never blocks long. */
    Ends ends(Subscription subscription) throws InterruptedException {
        int ended = 0;
        int gone = 0;
        for (RunId run : subscription.runs()) {
            Optional<RunView> view = directory.await(run, Duration.ZERO);
            if (view.isEmpty()) {
                gone++;
            } else if (view.get().status().isFinal()) {
                ended++;
            }
        }
        return new Ends(ended, gone);
    }

    /** How many of a subscription's runs have ended, and how many there are no more. */
    record Ends(int ended, int gone) {}

    /**
     * Stores a subscription to these runs. What is stored so already is not stored again.
     *
     * @param before what {@link #find} has said of it
     * @throws RunProblem {@code unknown_run} with those that there are not, {@code too_many_subscribed_runs}, or what says
     *     that the log could not be asked, or did not take it
     */
    Stored put(String id, Optional<Subscription> before, List<RunId> runs) throws InterruptedException {
        if (before.filter(it -> it.has(Subscription.lines(runs))).isPresent()) {
            return new Stored(before.get(), false);
        }
        requireRuns(before, runs);
        int others = reader.runs() - before.map(Subscription::count).orElse(0);
        if (others + runs.size() > maxRuns) {
            throw SubscriptionProblem.tooManySubscribedRuns(maxRuns);
        }
        awaitOffset(writer.put(id, runs));
        // Somebody may have deleted it meanwhile.
        Subscription now = reader.find(id).orElseThrow(() -> SubscriptionProblem.unknownSubscription(id));
        return new Stored(now, before.isEmpty());
    }

    /** Runs that it had before need not be there any more. */
    private void requireRuns(Optional<Subscription> before, List<RunId> runs) throws InterruptedException {
        Set<RunId> known = before.map(it -> Set.copyOf(it.runs())).orElse(Set.of());
        List<RunId> unknown = new ArrayList<>();
        for (RunId run : runs) {
            if (known.contains(run)) {
                continue;
            }
            try {
                RunView _ = directory.require(run);
            } catch (RunProblem e) {
                if (!e.code().equals(RunProblem.UNKNOWN_RUN)) {
                    throw e;
                }
                unknown.add(run);
                if (unknown.size() == NAMED) {
                    break;
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw SubscriptionProblem.unknownRuns(unknown);
        }
    }

    /**
     * Deletes a subscription that there is.
     *
     * @throws RunProblem as {@link #put}
     */
    void delete(Subscription subscription) throws InterruptedException {
        awaitOffset(writer.delete(subscription.id()));
    }

    private void catchUp() throws InterruptedException {
        if (!tail.catchUp(PARTITION, within)) {
            throw RunProblem.catalogueBehind();
        }
    }

    private void awaitOffset(long offset) throws InterruptedException {
        if (!tail.progress().awaitOffset(PARTITION, offset, within)) {
            throw RunProblem.catalogueBehind();
        }
    }

    /** Why subscriptions cannot be answered at present; empty while they can. */
    Optional<String> fault() {
        return tail.progress()
                .failure()
                .or(() -> tail.progress().loaded()
                        ? Optional.empty()
                        : Optional.of("still reading the topic of subscriptions"));
    }
}
