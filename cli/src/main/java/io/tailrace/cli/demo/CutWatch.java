package io.tailrace.cli.demo;

import io.tailrace.cli.display.EventPrinter;
import io.tailrace.cli.runs.GatewayClient;
import io.tailrace.cli.runs.RunFrame;
import io.tailrace.cli.sse.FrameReader;
import io.tailrace.cli.sse.SseFrame;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Shows a run, keeps its events, and drops the connection once. Confined to the thread that follows the stream. */
final class CutWatch implements FrameReader {

    private final GatewayClient client;
    private final List<WatchedEvent> events = new ArrayList<>();
    private final EventPrinter printer;
    private final PrintStream out;
    private final CutPoint point;
    private final Consumer<RunFrame> shown;
    private int counted;
    private Optional<Cut> cut = Optional.empty();

    /**
     * The cut.
     *
     * @param after the last event before it
     * @param backAt when the connection stood again
     */
    record Cut(long after, Instant at, Optional<Instant> backAt) {}

    /** @param shown is told each frame when it has been shown */
    CutWatch(GatewayClient client, EventPrinter printer, PrintStream out, CutPoint point, Consumer<RunFrame> shown) {
        this.client = client;
        this.printer = printer;
        this.out = out;
        this.point = point;
        this.shown = shown;
    }

    @Override
    public Next frame(SseFrame frame) {
        RunFrame read = client.read(frame);
        print(read.text(printer));
        Next next = read.isEvent() ? keep(WatchedEvent.of(read.data())) : Next.GO_ON;
        shown.accept(read);
        return next;
    }

    private Next keep(WatchedEvent event) {
        events.add(event);
        if (cut.isEmpty() && point.counted().test(event) && ++counted == point.count()) {
            cut = Optional.of(new Cut(event.sequence(), Instant.now(), Optional.empty()));
            return Next.CUT;
        }
        return Next.GO_ON;
    }

    @Override
    public void disconnected(String reason, Duration patience) {
        String after =
                events.isEmpty() ? "" : " after event " + events.getLast().sequence();
        remark("connection lost" + after + " (" + reason + ")");
    }

    @Override
    public void connected() {
        if (cut.isPresent() && cut.get().backAt().isEmpty()) {
            Cut was = cut.get();
            cut = Optional.of(new Cut(was.after(), was.at(), Optional.of(Instant.now())));
            remark("connected again, with the cursor of event " + was.after());
        }
    }

    /** Says something between the events; on the thread that follows the stream. */
    void remark(String text) {
        print(printer.note("── " + text + " ──"));
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }

    List<WatchedEvent> events() {
        return List.copyOf(events);
    }

    Optional<Cut> cut() {
        return cut;
    }

    /** How many events happened between the cut and the new connection. */
    long missedMeanwhile() {
        return cut.flatMap(Cut::backAt)
                .map(back -> events.stream()
                        .filter(event -> event.sequence() > cut.get().after())
                        .filter(event -> event.occurredAt().isBefore(back))
                        .count())
                .orElse(0L);
    }
}
