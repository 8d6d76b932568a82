package io.tailrace.runlog;

import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reader that takes from the log what it had when the reader came, and no more. */
final class ScannedFeed implements RunFeed {
    private static final Logger LOG = LoggerFactory.getLogger(ScannedFeed.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final RunScan scan;
    private final LogEnds ends;
    private final IntSupplier chunkBytes;
    private final LongConsumer onBytes;
    private final Wakeup wakeup = new Wakeup();
    private List<Delivery> first;
    private RunCursor cursor;
    private boolean over;

    ScannedFeed(ResolvedStart opening, RunScan scan, LogEnds ends, IntSupplier chunkBytes, LongConsumer onBytes) {
        this.scan = scan;
        this.ends = ends;
        this.chunkBytes = chunkBytes;
        this.onBytes = onBytes;
        this.first = opening.first();
        this.cursor = opening.cursor();
        this.over = opening.over() && opening.first().isEmpty();
    }

    @Override
    public List<Delivery> next(Duration wait, long maxBytes) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (!over) {
            List<Delivery> found = first.isEmpty() ? read(maxBytes) : first;
            first = List.of();
            if (!found.isEmpty()) {
                return passed(found);
            }
            if (wakeup.take() || end - System.nanoTime() <= 0) {
                return List.of();
            }
        }
        return List.of();
    }

    private List<Delivery> read(long maxBytes) throws InterruptedException {
        if (scan.reader().hasEnded()) {
            return List.of(new Delivery.End(cursor));
        }
        try {
            if (scan.reached(ends)) {
                return List.of(new Delivery.UpToDate(cursor));
            }
            int atOnce = (int) Math.min(chunkBytes.getAsInt(), maxBytes);
            return switch (scan.step(ends.of(scan.reader().next().topic()), atOnce)) {
                case RunScan.Step.Moved moved -> {
                    onBytes.accept(moved.bytes());
                    yield deliveries(moved.items());
                }
                case RunScan.Step.AtEnd _ -> pause();
                case RunScan.Step.CutOff _ -> List.of(new Delivery.UpToDate(cursor));
            };
        } catch (LogUnreadable e) {
            LOG.debug("Waiting for the log at {}", scan.reader().next(), e);
            return pause();
        }
    }

    private List<Delivery> pause() throws InterruptedException {
        wakeup.await(PAUSE);
        return List.of();
    }

    private static List<Delivery> deliveries(List<ReadItem> items) {
        List<Delivery> deliveries = new ArrayList<>(items.size());
        for (ReadItem item : items) {
            deliveries.add(
                    switch (item) {
                        case ReadItem.Gap gap -> new Delivery.Gap(gap.fromSequence(), gap.toSequence());
                        case ReadItem.Numbered numbered -> new Delivery.Events(SharedRecord.alone(numbered), 0);
                    });
        }
        return deliveries;
    }

    private List<Delivery> passed(List<Delivery> given) {
        for (Delivery delivery : given) {
            switch (delivery) {
                case Delivery.Events events -> cursor = events.item().cursor();
                case Delivery.Reset reset -> cursor = reset.start();
                case Delivery.End end -> {
                    cursor = end.cursor();
                    over = true;
                }
                case Delivery.UpToDate _ -> over = true;
                case Delivery.Gap _, Delivery.Notice _ -> {}
            }
        }
        return given;
    }

    @Override
    public RunCursor cursor() {
        return cursor;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public void wake() {
        wakeup.wake();
    }

    @Override
    public void close() {
        over = true;
    }
}
