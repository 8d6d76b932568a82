package io.tailrace.turn.stage;

import io.tailrace.turn.tool.CallResult;
import io.tailrace.turn.tool.ToolExecution;
import io.tailrace.turn.tool.ToolRequest;
import io.tailrace.worker.attempt.StopReason;
import io.tailrace.worker.attempt.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of tools that run at the same time, each on a thread of its own and no longer than its time. Confined to the
 * stage's thread; closing it ends those that still run.
 */
final class RunningCalls implements AutoCloseable {
    /** What a call that was told to end may still take. */
    private static final Duration TO_END = Duration.ofSeconds(5);

    private final ToolExecution execution;
    private final Duration timeout;
    private final StopSignal stop;
    private final LongSupplier nanoTime;
    private final BlockingQueue<Optional<Ended>> news = new LinkedBlockingQueue<>();
    private final List<StopSignal> signals = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private int running;
    private @Nullable Throwable fault;

    /** @param timeout of one call */
    RunningCalls(ToolExecution execution, Duration timeout, StopSignal stop, LongSupplier nanoTime) {
        this.execution = execution;
        this.timeout = timeout;
        this.stop = stop;
        this.nanoTime = nanoTime;
        stop.whenStopped(() -> news.add(Optional.empty()));
    }

    /** A call that has ended, by a result or by a fault. */
    private record Ended(
            int index,
            @Nullable CallResult result,
            @Nullable Throwable fault,
            Duration took) {}

    /** What came of the call with this index. */
    record Result(int index, CallResult result, Duration took) {}

    int count() {
        return running;
    }

    /** Whether more can be started: after a fault those that run come to their end, and no other begins. */
    boolean takesMore() {
        return fault == null && stop.reason().isEmpty();
    }

    void start(int index, ToolRequest request) {
        StopSignal own = new StopSignal();
        signals.add(own);
        long begin = nanoTime.getAsLong();
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        running++;
        threads.add(Thread.ofVirtual().name("tool-call").start(() -> {
            try {
                result.complete(execution.execute(request, own));
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }));
        CompletableFuture<CallResult> _ = result.completeOnTimeout(
                        timedOut(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((value, fault) -> {
                    Duration took = Duration.ofNanos(nanoTime.getAsLong() - begin);
                    news.add(Optional.of(new Ended(index, value, fault, took)));
                    own.stop(StopReason.CANCELED);
                });
    }

    private CallResult timedOut() {
        return CallResult.failed("timeout", "The call had no result within " + timeout.toMillis() + " ms.");
    }

    /**
     * Waits for the next call that ends. A stop ends none of them, so that what has ended is told first; closing this does.
     *
     * @return nothing if the attempt has to stop, and no call had ended before
     * @throws RuntimeException that a call ended with, when all others have ended: another attempt can do better
     */
    Optional<Result> next() {
        while (true) {
            throwFault();
            Optional<Ended> ended;
            try {
                ended = stop.reason().isPresent()
                        ? Optional.ofNullable(news.poll()).flatMap(it -> it)
                        : news.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            if (ended.isPresent()) {
                running--;
                CallResult result = ended.get().result();
                if (result != null) {
                    return Optional.of(
                            new Result(ended.get().index(), result, ended.get().took()));
                }
                fault = ended.get().fault();
            } else if (stop.reason().isPresent() && news.isEmpty()) {
                return Optional.empty();
            }
        }
    }

    private void throwFault() {
        Throwable first = fault instanceof CompletionException e ? e.getCause() : fault;
        if (running > 0 || first == null) {
            return;
        }
        switch (first) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(first);
        }
    }

    @Override
    public void close() {
        signals.forEach(it -> it.stop(StopReason.CANCELED));
        long until = nanoTime.getAsLong() + TO_END.toNanos();
        for (Thread thread : threads) {
            try {
                long left = until - nanoTime.getAsLong();
                boolean _ = left > 0 && thread.join(Duration.ofNanos(left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
