package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.LogRecord;
import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.events.run.Outcome;
import io.tailrace.events.run.RunFact.Rejection;
import io.tailrace.runlog.RunLog.Until;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every RunLog promises to readers of chats: their chapters lie in turn-events, and turns come meanwhile. */
public interface ChatLogContract {
    LogUnderTest subject();

    private Reader open(RunLocation location, Start start) throws Exception {
        return new Reader(subject().log().open(location, start, Until.END_OF_RUN));
    }

    private Reader open(ChatBook book) throws Exception {
        return open(book.location(), new Start.FromBeginning());
    }

    /** Two turns, the second one submitted during the first, which is taken over; the third is rejected. */
    private ChatBook complete() {
        return new ChatBook(subject())
                .create()
                .submit("a", "hello")
                .dispatch("a", "hello")
                .claim()
                .deltas("h", "e")
                .submit("b", "again")
                .claim()
                .zombies()
                .deltas("he", "llo", "!")
                .reject("c", Rejection.QUEUE_FULL)
                .complete("hello!")
                .finish(Outcome.SUCCEEDED)
                .dispatch("b", "again")
                .claim()
                .requestCancel("b")
                .fail("canceled", "")
                .finish(Outcome.CANCELED)
                .requestClose()
                .completeRun();
    }

    @Test
    default void aChatIsReadFromItsFirstEventToItsEnd() throws Exception {
        ChatBook book = complete();
        try (Reader reader = open(book)) {
            assertThat(Seen.of(reader.toEnd())).isEqualTo(book.expected());
        }
    }

    @Test
    default void aChatCutAtAnyEventIsContinuedWithTheNext() throws Exception {
        ChatBook book = complete();
        List<RunCursor> cursors;
        try (Reader reader = open(book)) {
            cursors = Seen.cursors(reader.toEnd());
        }
        for (int i = 0; i < cursors.size() - 1; i++) {
            RunCursor sentBack = cursors.get(i);
            try (Reader rest = open(book.location(), new Start.After(sentBack))) {
                assertThat(Seen.of(rest.toEnd())).isEqualTo(book.expected().subList(i + 1, cursors.size()));
            }
        }
    }

    @Test
    default void turnsAreFollowedLiveAndWhatComesMeanwhileIsToldAtOnce() throws Exception {
        ChatBook book = new ChatBook(subject()).create();
        try (Reader reader = open(book)) {
            reader.untilEvents(2);
            follow(book, reader);
        }
    }

    @Test
    default void chaptersThatLieElsewhereThanWasThoughtAreFollowedToo() throws Exception {
        ChatBook book = new ChatBook(subject()).create();
        RunLocation hint = book.location();
        RunLocation wrong = new RunLocation(
                hint.run(),
                hint.partition(),
                hint.firstOffset(),
                hint.latest(),
                hint.ended(),
                Set.of(Topic.BUILD_EVENTS));
        try (Reader reader = open(wrong, new Start.FromBeginning())) {
            reader.untilEvents(2);
            follow(book, reader);
        }
    }

    private void follow(ChatBook book, Reader reader) throws InterruptedException {
        book.submit("a", "hello").dispatch("a", "hello").claim();
        assertThat(Seen.of(reader.untilEvents(book.expected().size()))).isEqualTo(book.expected());
        book.deltas("hel", "lo");
        reader.untilEvents(book.expected().size());
        assertThat(reader.seen()).isEqualTo(book.expected());
        book.submit("b", "again");
        List<Delivery> told = reader.until(it -> it.getLast() instanceof Delivery.Notice);
        assertThat(((Delivery.Notice) told.getLast()).record().headers().type()).isEqualTo("turn.submitted");
        book.complete("hello").finish(Outcome.SUCCEEDED).dispatch("b", "again").claim();
        reader.untilEvents(book.expected().size());
        assertThat(reader.seen()).isEqualTo(book.expected());
        book.complete("").finish(Outcome.SUCCEEDED).completeRun();
        reader.toEnd();
        assertThat(reader.seen()).isEqualTo(book.expected());
    }

    private List<String> spine(ChatBook book, OptionalLong from, int atMost) throws Exception {
        List<String> types = new ArrayList<>();
        subject().log().spine(book.location(), from, record -> {
            types.add(record.headers().type());
            return types.size() < atMost;
        });
        return types;
    }

    @Test
    default void theSpineAloneHasAlsoWhatItsChapterHoldsUp() throws Exception {
        ChatBook book = new ChatBook(subject()).create().submit("a", "hello").dispatch("a", "hello");
        book.claim().deltas("h").submit("b", "again").reject("c", Rejection.TURN_ACTIVE);
        assertThat(spine(book, OptionalLong.empty(), 100))
                .containsExactly(
                        "run.created",
                        "run.started",
                        "turn.submitted",
                        "stage.requested",
                        "turn.submitted",
                        "turn.rejected");
        assertThat(spine(book, OptionalLong.empty(), 3)).hasSize(3);
    }

    @Test
    default void theSpineIsReadFromAnOffsetOn() throws Exception {
        ChatBook book = new ChatBook(subject()).create().submit("a", "hello");
        List<LogRecord> records = new ArrayList<>();
        subject().log().spine(book.location(), OptionalLong.empty(), records::add);
        long second = records.get(1).offset();
        assertThat(spine(book, OptionalLong.of(second), 100)).containsExactly("run.started", "turn.submitted");
        assertThat(spine(book, OptionalLong.of(records.get(2).offset() + 1), 100))
                .isEmpty();
    }

    @Test
    default void theSpineIsReadFromWhatRetentionHasLeft() throws Exception {
        ChatBook book = new ChatBook(subject()).create().submit("a", "hello").submit("b", "again");
        List<LogRecord> records = new ArrayList<>();
        subject().log().spine(book.location(), OptionalLong.empty(), records::add);
        subject().trim(Topic.RUN_EVENTS, book.run(), records.get(2).offset());
        assertThat(spine(book, OptionalLong.empty(), 100)).containsExactly("turn.submitted", "turn.submitted");
    }
}
