package io.tailrace.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.cli.display.RunPrinter;
import io.tailrace.cli.sse.FrameReader;
import io.tailrace.cli.sse.SseFrame;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows a run, keeps its events, and drops the connection once, in the middle of a phase's output. */
final class CutWatch implements FrameReader {

    private static final String PHASE = "test";
    private static final int LINES_BEFORE_CUT = 12;

    private final ObjectMapper json = new ObjectMapper();
    private final List<WatchedEvent> events = new ArrayList<>();
    private final RunPrinter printer;
    private final PrintStream out;
    private int lines;
    private Optional<Cut> cut = Optional.empty();

    /**
     * The cut.
     *
     * @param after the last event before it
     * @param backAt when the connection stood again
     */
    record Cut(long after, Instant at, Optional<Instant> backAt) {}

    CutWatch(RunPrinter printer, PrintStream out) {
        this.printer = printer;
        this.out = out;
    }

    @Override
    public Next frame(SseFrame frame) {
        JsonNode data = parse(frame.data());
        if (!data.has("sequence") || frame.event().startsWith("stream.")) {
            print(printer.control(frame.event(), data));
            return Next.GO_ON;
        }
        WatchedEvent event = WatchedEvent.of(data);
        events.add(event);
        print(printer.event(data));
        if (cut.isEmpty() && isLineOfThePhase(event) && ++lines == LINES_BEFORE_CUT) {
            cut = Optional.of(new Cut(event.sequence(), Instant.now(), Optional.empty()));
            return Next.CUT;
        }
        return Next.GO_ON;
    }

    private static boolean isLineOfThePhase(WatchedEvent event) {
        return event.type().equals("console.line")
                && event.payload().path("phase").asText().equals(PHASE);
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    @Override
    public void disconnected(String reason) {
        String after =
                events.isEmpty() ? "" : " after event " + events.getLast().sequence();
        print(printer.note("── connection lost" + after + " (" + reason + ") ──"));
    }

    @Override
    public void connected() {
        if (cut.isPresent() && cut.get().backAt().isEmpty()) {
            Cut was = cut.get();
            cut = Optional.of(new Cut(was.after(), was.at(), Optional.of(Instant.now())));
            print(printer.note("── connected again, with the cursor of event " + was.after() + " ──"));
        }
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
