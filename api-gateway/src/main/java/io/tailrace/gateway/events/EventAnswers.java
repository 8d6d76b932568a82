package io.tailrace.gateway.events;

import io.tailrace.events.run.RunView;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.log.RunFeeds;
import io.tailrace.gateway.problem.RunProblem;
import io.tailrace.gateway.runs.RunDirectory;
import io.tailrace.runlog.RunFeed;
import io.tailrace.runlog.RunLog;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Answers with the events of a run up to what the log has when it is asked: a page of JSON, or NDJSON of any size.
 * Thread-safe; blocks.
 */
public final class EventAnswers {
    /** A page that finds little in a long log ends here, with a cursor to go on from. */
    private static final Duration PAGE_WITHIN = Duration.ofSeconds(5);

    private static final Duration NO_BOUND = Duration.ofDays(1);

    private final RunDirectory directory;
    private final RunFeeds feeds;
    private final Cursors cursors;
    private final Duration decideWithin;

    EventAnswers(RunDirectory directory, RunFeeds feeds, Cursors cursors, Duration decideWithin) {
        this.directory = directory;
        this.feeds = feeds;
        this.cursors = cursors;
        this.decideWithin = decideWithin;
    }

    /**
     * Writes the answer.
     *
     * @param admission refuses runs that are not shown here
     * @param source made for this answer
     * @throws RunProblem if there is no such run, it is not admitted, or the log cannot be read
     */
    public void answer(
            EventRequest asked, Consumer<RunView> admission, EventSource source, HttpServletResponse response)
            throws IOException, InterruptedException {
        RunView found = asked.cursor().isPresent()
                ? directory.require(asked.run(), decideWithin)
                : directory.require(asked.run());
        admission.accept(found);
        switch (asked.format()) {
            case JSON -> page(asked, found, source, response);
            case NDJSON -> download(asked, found, source, response);
        }
    }

    private void page(EventRequest asked, RunView found, EventSource source, HttpServletResponse response)
            throws IOException, InterruptedException {
        EventPage page;
        try (RunFeed feed = open(asked, found)) {
            page = new EventPage(asked.run(), cursors, Math.toIntExact(asked.limit()), feed.cursor());
            read(feed, found, source, page, PAGE_WITHIN);
        }
        byte[] body = page.toBytes();
        begin(response, asked.format());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private void download(EventRequest asked, RunView found, EventSource source, HttpServletResponse response)
            throws IOException, InterruptedException {
        try (RunFeed feed = open(asked, found)) {
            begin(response, asked.format());
            response.setHeader("Content-Disposition", "attachment; filename=\"" + asked.run() + ".ndjson\"");
            if (asked.headersOnly()) {
                // Else the server takes it for an answer of no length.
                response.flushBuffer();
                return;
            }
            Ndjson lines = new Ndjson(response.getOutputStream(), asked.limit());
            read(feed, found, source, lines, NO_BOUND);
            lines.flush();
        }
    }

    private void read(RunFeed feed, RunView found, EventSource source, EventSink sink, Duration within)
            throws IOException, InterruptedException {
        EventReading reading = new EventReading(source, sink);
        long upTo = feed.cursor().sequence();
        if (source.needsPast() && upTo > 0) {
            try (RunFeed past = feeds.fromBeginning(found, RunLog.Until.NOW)) {
                reading.past(past, upTo);
            }
        }
        reading.run(feed, within);
    }

    private RunFeed open(EventRequest asked, RunView found) throws InterruptedException {
        return asked.cursor().isPresent()
                ? feeds.after(found, asked.cursor().get(), RunLog.Until.NOW)
                : feeds.fromBeginning(found, RunLog.Until.NOW);
    }

    private static void begin(HttpServletResponse response, EventFormat format) {
        response.setContentType(format.type());
        response.setHeader("Cache-Control", "no-store");
    }
}
