package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.events.reading.RunCursor;
import io.tailrace.runlog.RunLog.Until;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is written, and whenever and wherever readers begin: each gets exactly the rest. */
class TailedRunLogProperties {

    @Property(tries = 150)
    void everyReaderGetsExactlyTheRest(@ForAll @Size(max = 60) List<@IntRange(max = 999) Integer> script)
            throws Exception {
        try (MemoryLogUnderTest subject = MemoryLogUnderTest.tailed();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Book book = new Book(subject).create();
            List<Future<List<Seen>>> readers = new ArrayList<>();
            List<Integer> starts = new ArrayList<>();
            Writer writer = new Writer(book);
            for (int choice : script) {
                if (choice % 10 == 0) {
                    List<RunCursor> cursors = cursors(subject, book);
                    int start = choice % (cursors.size() + 1);
                    starts.add(start);
                    Start from = start == 0 ? new Start.FromBeginning() : new Start.After(cursors.get(start - 1));
                    RunLocation location = book.location();
                    readers.add(threads.submit(() -> {
                        try (Reader reader = new Reader(subject.log().open(location, from, Until.END_OF_RUN))) {
                            return Seen.of(reader.toEnd());
                        }
                    }));
                } else {
                    writer.step(choice);
                }
            }
            writer.end();
            List<Seen> all = book.expected();
            for (int i = 0; i < readers.size(); i++) {
                assertThat(readers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(all.subList(starts.get(i), all.size()));
            }
        }
    }

    private static List<RunCursor> cursors(LogUnderTest subject, Book book) throws Exception {
        try (Reader reader = new Reader(subject.log().open(book.location(), new Start.FromBeginning(), Until.NOW))) {
            return Seen.cursors(reader.toEnd());
        }
    }

    /** Writes a legal history by a script of numbers. */
    private static final class Writer {
        private final Book book;
        private boolean open;
        private boolean claimed;

        Writer(Book book) {
            this.book = book;
        }

        void step(int choice) {
            if (!open) {
                book.requestStage();
                open = true;
                claimed = false;
            } else if (!claimed) {
                book.claim();
                claimed = true;
            } else {
                switch (choice % 12) {
                    case 0 -> book.heartbeat();
                    case 1 -> book.requestCancel();
                    case 2 -> book.redispatch().claim();
                    case 3 -> book.zombies();
                    case 4 -> book.progress();
                    case 5 -> close();
                    case 6 -> book.line("x".repeat(40 * choice));
                    default -> book.lines(1 + choice % 300);
                }
            }
        }

        private void close() {
            book.complete().zombies().finishStage();
            open = false;
        }

        void end() {
            if (open && !claimed) {
                book.abort().finishStage();
            } else if (open) {
                close();
            }
            book.completeRun();
        }
    }
}
