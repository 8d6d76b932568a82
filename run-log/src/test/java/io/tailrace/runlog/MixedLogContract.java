package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.log.Topic;
import io.tailrace.events.reading.RunCursor;
import io.tailrace.runlog.RunLog.Until;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every RunLog promises to readers of runs that have chapters in several topics. */
public interface MixedLogContract {
    LogUnderTest subject();

    private Reader open(MixedBook book, Start start) throws Exception {
        return new Reader(subject().log().open(book.location(), start, Until.END_OF_RUN));
    }

    @Test
    default void aMixedRunCutAtAnyEventIsContinuedWithTheNext() throws Exception {
        MixedBook book = MixedBook.complete(subject());
        List<RunCursor> cursors;
        try (Reader whole = open(book, new Start.FromBeginning())) {
            List<Delivery> all = whole.toEnd();
            assertThat(Seen.of(all)).isEqualTo(book.expected());
            cursors = Seen.cursors(all);
        }
        for (int i = 0; i < cursors.size() - 1; i++) {
            try (Reader rest = open(book, new Start.After(cursors.get(i)))) {
                List<Delivery> all = rest.toEnd();
                assertThat(Seen.of(all)).isEqualTo(book.expected().subList(i + 1, cursors.size()));
                assertThat(Seen.cursors(all)).isEqualTo(cursors.subList(i + 1, cursors.size()));
            }
        }
    }

    @Test
    default void aMixedRunIsFollowedLiveFromChapterToChapter() throws Exception {
        MixedBook book = new MixedBook(subject()).create();
        try (Reader early = open(book, new Start.FromBeginning())) {
            early.untilEvents(2);
            List<Reader> joined = new ArrayList<>();
            for (int step = 0; step < 4; step++) {
                book.begin().claim().output("a", "b");
                // Who comes in the middle of a chapter, knowing what the read model has by then.
                joined.add(open(book, new Start.FromBeginning()));
                book.claim().zombies().output("a", "b", "c");
                early.untilEvents(book.expected().size());
                assertThat(early.seen()).isEqualTo(book.expected());
                book.end();
            }
            book.completeRun();
            joined.add(early);
            for (Reader reader : joined) {
                reader.toEnd();
                assertThat(reader.seen()).isEqualTo(book.expected());
                reader.close();
            }
        }
    }

    @Test
    default void onlyTheTopicsOfStepsToComeAreExpected() {
        MixedBook book = new MixedBook(subject()).create();
        assertThat(book.location().chapters()).containsExactlyInAnyOrder(Topic.BUILD_EVENTS, Topic.TURN_EVENTS);
        for (int step = 0; step < 3; step++) {
            book.begin().claim().end();
            assertThat(book.location().chapters()).contains(Topic.TURN_EVENTS);
        }
        book.begin();
        assertThat(book.location().chapters()).containsExactly(Topic.TURN_EVENTS);
    }
}
