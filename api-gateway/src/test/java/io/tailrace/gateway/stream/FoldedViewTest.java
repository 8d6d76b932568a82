package io.tailrace.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.EventType;
import io.tailrace.events.reading.ReadItem;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.Outcome;
import io.tailrace.gateway.cursor.Cursors;
import io.tailrace.gateway.json.JsonBytes;
import io.tailrace.gateway.stream.SseClient.Frame;
import io.tailrace.gateway.testing.Refusal;
import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.gateway.view.ControlFrames;
import io.tailrace.gateway.view.FoldedView;
import io.tailrace.gateway.view.NamedView;
import io.tailrace.gateway.view.SseFrame;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.ChatBook;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A view that says where a message begins and ends goes on from each of its ids as if nothing had been. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class FoldedViewTest {
    private KafkaLogUnderTest log;
    private TestGateway gateway;

    @BeforeAll
    void start() {
        log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers());
        gateway = TestGateway.startWith(Pairs.class);
    }

    @AfterAll
    void stop() {
        gateway.close();
        log.close();
    }

    @Test
    void goesOnInTheMiddleOfAMessage() throws Exception {
        ChatBook book = new ChatBook(log).create();
        log.publish(book.view(List.of()));
        book.submit("a", "hello").dispatch("a", "hello").claim().deltas("one", "two", "three");
        String path = "/v1/runs/" + book.run() + "/stream?view=pairs";
        List<Frame> whole;
        try (SseClient live = new SseClient(gateway.uri(path))) {
            live.await(it -> it.frames().stream()
                            .filter(frame -> frame.event().equals("text"))
                            .count()
                    == 3);
            // The worker is lost, and another one begins anew.
            book.claim().deltas("four").complete("four").finish(Outcome.SUCCEEDED);
            book.echo("b", "five").completeRun();
            live.awaitFrame("stream.end");
            whole = live.frames();
        }
        assertThat(whole)
                .extracting(Frame::event)
                .containsExactly(
                        "stream.open",
                        "begin",
                        "text",
                        "text",
                        "text",
                        "end",
                        "begin",
                        "text",
                        "end",
                        "begin",
                        "text",
                        "end",
                        "stream.end");
        log.publish(book.view(List.of()));

        for (int i = 1; i < whole.size() - 1; i++) {
            Frame last = whole.get(i);
            try (SseClient resumed = new SseClient(gateway.uri(path), "Last-Event-ID", last.id())) {
                resumed.awaitFrame("stream.end");
                boolean begin = last.event().equals("begin");
                assertThat(resumed.frames().getFirst().data())
                        .as("what is known after %s", last)
                        .isEqualTo(
                                switch (last.event()) {
                                    case "begin" -> data(message(last) - 1, 0);
                                    case "end" -> data(message(last), 0);
                                    default -> last.data();
                                });
                // Who is cut off between the two frames of one event gets both.
                assertThat(resumed.frames().stream().skip(1).map(FoldedViewTest::text))
                        .isEqualTo(whole.stream()
                                .skip(begin ? i : i + 1)
                                .map(FoldedViewTest::text)
                                .toList());
            }
        }
    }

    @Test
    void aViewThatIsNotKnownIsRefused() {
        Refusal.check(gateway.get("/v1/runs/r-0123456789abcdef/stream?view=other"), 400, "invalid_value", "view");
    }

    private static String text(Frame frame) {
        return frame.event() + frame.data() + frame.id();
    }

    private static int message(Frame frame) {
        return frame.json().get("message").asInt();
    }

    private static String data(int message, int texts) {
        return "{\"message\":" + message + ",\"texts\":" + texts + "}";
    }

    /** Registers the view as a product's own are. */
    @Configuration(proxyBeanMethods = false)
    static class Pairs {
        @Bean
        NamedView pairs(Cursors cursors) {
            return new NamedView("pairs", new PairedView(cursors));
        }
    }

    /** The number of the last message, and how many texts of it there were: 0 if it is closed. */
    record Open(int message, int texts) {}

    /** Texts of a model, with a frame before and after those of each message. */
    private record PairedView(Cursors cursors) implements FoldedView<Open> {
        private static final ControlFrames CONTROLS = new ControlFrames(_ -> Optional.empty());

        @Override
        public Open before(RunId run) {
            return new Open(0, 0);
        }

        @Override
        public Open events(Open state, RunCursor before, ReadItem.Numbered item, int from, int to, JsonBytes out) {
            boolean text = item.record().headers().type().equals(EventType.MODEL_DELTA.wireName());
            RunCursor last = before;
            Open now = state;
            for (int i = from; i < to; i++) {
                RunCursor after = item.cursorAfter(i + 1);
                if (text && now.texts == 0) {
                    now = new Open(now.message + 1, 0);
                    frame(out, "begin", now, item, last);
                }
                if (text) {
                    now = new Open(now.message, now.texts + 1);
                    frame(out, "text", now, item, after);
                } else if (now.texts > 0) {
                    frame(out, "end", now, item, after);
                    now = new Open(now.message, 0);
                }
                last = after;
            }
            return now;
        }

        private void frame(JsonBytes out, String event, Open state, ReadItem.Numbered item, RunCursor place) {
            frame(out, event, state, cursors.token(item.record().run(), place));
        }

        private static void frame(JsonBytes out, String event, Open state, String id) {
            SseFrame.begin(out, event);
            out.raw(data(state.message, state.texts));
            SseFrame.end(out, id);
        }

        @Override
        public byte[] open(Open state, RunId run, Duration retry, String id) {
            JsonBytes out = new JsonBytes(64);
            SseFrame.retry(out, retry);
            frame(out, "stream.open", state, id);
            return out.toBytes();
        }

        @Override
        public Open control(Open state, RunId run, Delivery.Control control, String id, JsonBytes out) {
            out.raw(CONTROLS.of(run, control, id));
            return state;
        }
    }
}
