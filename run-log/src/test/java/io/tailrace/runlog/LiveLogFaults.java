package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.reading.RunCursor;
import io.tailrace.runlog.Delivery.ResetReason;
import io.tailrace.runlog.RunLog.Until;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What live readers get when the log does what logs should not do, whatever the log is made of. */
interface LiveLogFaults {
    LogUnderTest subject();

    /** Throws the log away and makes it anew, empty. */
    void recreate() throws Exception;

    default Reader open(Book book, Start start) throws Exception {
        return new Reader(subject().log().open(book.location(), start, Until.END_OF_RUN));
    }

    default Reader open(Book book) throws Exception {
        return open(book, new Start.FromBeginning());
    }

    @Test
    default void aLogThatIsMadeAnewUnderALiveReaderIsAResetAndTheRunFromItsBeginning() throws Exception {
        Book book = new Book(subject()).create().requestStage().claim().lines(2);
        try (Reader reader = open(book)) {
            reader.untilEvents(book.expected().size());
            recreate();
            Book again = new Book(subject(), book.run()).create().requestStage().claim();
            again.lines(1).complete().finishStage().completeRun();
            List<Delivery> all = reader.toEnd();
            RunCursor start = RunCursor.beforeFirst(subject().epoch(), book.partition(), book.run());
            int reset = all.indexOf(new Delivery.Reset(ResetReason.EPOCH, start));
            assertThat(reset).isPositive();
            assertThat(Seen.of(all.subList(0, reset))).isEqualTo(book.expected());
            assertThat(Seen.of(all.subList(reset, all.size()))).isEqualTo(again.expected());
        }
    }
}
