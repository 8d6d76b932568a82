package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.events.id.RunId;
import io.tailrace.events.log.Topic;
import io.tailrace.local.broker.BrokerSettings;
import io.tailrace.local.broker.EmbeddedBroker;
import io.tailrace.local.folder.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What readers get from a broker that fails, is made anew, or is flooded: on a broker of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class KafkaFaultsTest implements LiveLogFaults {
    private static final int MOST_OF_A_FLOOD = 15_000;

    private EmbeddedBroker broker;
    private Path folder;
    private KafkaLogUnderTest subject;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        broker = EmbeddedBroker.start(folder.resolve("broker"), BrokerSettings.forTests());
        subject = KafkaLogUnderTest.on(broker.bootstrapServers());
    }

    @AfterAll
    void stop() {
        subject.close();
        broker.killHard();
        broker.close();
    }

    @Override
    public LogUnderTest subject() {
        return subject;
    }

    @Override
    public void recreate() throws Exception {
        subject.recreate();
    }

    /** Another run in the same partition. */
    private Book neighbourOf(Book book) {
        return neighbourOf(book, subject);
    }

    private Book neighbourOf(Book book, LogUnderTest writer) {
        RunId run = RunId.of(UUID.randomUUID());
        while (subject.partition(run) != book.partition()) {
            run = RunId.of(UUID.randomUUID());
        }
        return new Book(writer, run);
    }

    @Test
    void aBrokerThatDiesAndComesBackCostsNobodyAnEvent() throws Exception {
        Book book = new Book(subject).create().requestStage().claim().lines(3);
        try (Reader reader = open(book)) {
            reader.untilEvents(book.expected().size());
            broker.killHard();
            assertThat(reader.isQuiet()).isTrue();
            broker.restart();
            book.lines(3);
            reader.untilEvents(book.expected().size());
            try (Reader late = open(book)) {
                book.complete().finishStage().completeRun();
                assertThat(Seen.of(late.toEnd())).isEqualTo(book.expected());
            }
            List<Delivery> all = reader.toEnd();
            assertThat(Seen.of(all)).isEqualTo(book.expected());
            assertThat(all).noneMatch(Delivery.Reset.class::isInstance);
        }
    }

    @Test
    void aLogThatWasCutOffAndHasGrownAgainIsNoticed() throws Exception {
        Book book = new Book(subject).create().requestStage().claim().lines(2);
        int kept = book.expected().size();
        String partition = Topic.BUILD_EVENTS.topicName() + "-" + book.partition();
        broker.stop();
        Path before = copy(partitionFolder(partition), folder.resolve("before"));
        broker.restart();
        try (Reader live = open(book);
                Reader behind = open(book)) {
            live.untilEvents(kept);
            behind.untilEvents(kept);
            book.lines(1).lines(1);
            List<Seen> lost = book.expected();
            live.untilEvents(lost.size());
            broker.killHard();
            Path now = partitionFolder(partition);
            delete(now);
            copy(before, now);
            broker.restart();
            Book other = neighbourOf(book).create().requestStage().claim();
            for (int i = 0; i < 8; i++) {
                other.lines(1);
            }
            List<Delivery> all = live.until(it -> it.stream().anyMatch(Delivery.Reset.class::isInstance)
                    && sinceReset(it).size() >= kept);
            assertThat(sinceReset(all)).isEqualTo(lost.subList(0, kept));
            // Who had read nothing of what is lost has an intact place.
            assertThat(behind.isQuiet()).isTrue();
            assertThat(behind.deliveries()).noneMatch(Delivery.Reset.class::isInstance);
            assertThat(behind.seen()).isEqualTo(lost.subList(0, kept));
        }
    }

    /** Nobody can have it any more: whoever reads the run hears how much it was, and what the spine says of it. */
    @Test
    void aChapterThatItsTopicHasLostIsAGapAndTheRunGoesOn() throws Exception {
        Book book = new Book(subject).create().requestStage().claim().lines(3);
        int kept = book.expected().size();
        try (Reader live = open(book)) {
            live.untilEvents(kept);
            book.lines(2).complete().finishStage().completeRun();
            live.toEnd();
            assertThat(live.seen()).isEqualTo(book.expected());
        }
        broker.stop();
        Folders.delete(partitionFolder(Topic.BUILD_EVENTS.topicName() + "-" + book.partition()));
        broker.restart();

        try (Reader late = open(book)) {
            List<Delivery> all = late.toEnd();
            assertThat(all).noneMatch(Delivery.Reset.class::isInstance);
            long next = 1;
            long lost = 0;
            for (Delivery delivery : all) {
                switch (delivery) {
                    case Delivery.Events events -> {
                        assertThat(events.firstSequence()).isEqualTo(next);
                        next = events.item().lastSequence() + 1;
                    }
                    case Delivery.Gap gap -> {
                        assertThat(gap.fromSequence()).isEqualTo(next);
                        next = gap.toSequence() + 1;
                        lost += gap.toSequence() - gap.fromSequence() + 1;
                    }
                    case Delivery.Reset _, Delivery.Notice _, Delivery.End _, Delivery.UpToDate _ -> {}
                }
            }
            assertThat(next).isEqualTo(book.sequence() + 1);
            assertThat(late.seen())
                    .extracting(Seen::type)
                    .startsWith("run.created")
                    .endsWith("run.completed");
            assertThat(lost)
                    .as("the chapter, and nothing else")
                    .isEqualTo(book.expected().size() - late.seen().size());
            assertThat(late.seen()).noneMatch(it -> it.type().startsWith("build."));
        }
    }

    private static List<Seen> sinceReset(List<Delivery> all) {
        int from = all.size();
        while (from > 0 && !(all.get(from - 1) instanceof Delivery.Reset)) {
            from--;
        }
        return Seen.of(all.subList(from, all.size()));
    }

    private Path partitionFolder(String name) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("broker"))) {
            return all.filter(it -> it.getFileName().toString().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** Counted, not timed: the flood goes on until the whisper is through, and would end at last without it. */
    @Test
    void aFloodLeavesAWhisperItsPace() throws Exception {
        Book whisper = new Book(subject).create().requestStage().claim();
        KafkaLogUnderTest flooder = KafkaLogUnderTest.on(broker.bootstrapServers());
        Book flood = neighbourOf(whisper, flooder).create().requestStage().claim();
        AtomicBoolean through = new AtomicBoolean();
        AtomicInteger flooded = new AtomicInteger();
        try (flooder;
                Reader quiet = open(whisper);
                Reader loud = open(flood);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            quiet.untilEvents(4);
            Future<List<Delivery>> drained = threads.submit(loud::toEnd);
            Future<Book> written = threads.submit(() -> {
                while (!through.get() && flooded.get() < MOST_OF_A_FLOOD) {
                    flood.floodLine("x".repeat(20_000));
                    flooded.incrementAndGet();
                }
                return flood;
            });
            await().atMost(Reader.BOUND).until(() -> flooded.get() > 100);
            for (int i = 0; i < 30; i++) {
                whisper.line("whisper " + i);
                quiet.untilEvents(whisper.expected().size());
            }
            through.set(true);
            written.get(60, TimeUnit.SECONDS).complete().finishStage().completeRun();
            assertThat(Seen.of(drained.get(60, TimeUnit.SECONDS))).isEqualTo(flood.expected());
            assertThat(quiet.seen()).isEqualTo(whisper.expected());
        }
        System.out.println("30 whispers beside a flood of " + flooded + " lines of 20 kB");
        assertThat(flooded).as("the whispers did not wait for the flood's end").hasValueLessThan(MOST_OF_A_FLOOD);
    }

    @Test
    void aSlowReaderHoldsUpNobody() throws Exception {
        Book book = new Book(subject).create().requestStage().claim();
        try (Reader slow = open(book);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            slow.untilEvents(4);
            List<Callable<List<Seen>>> fast = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                fast.add(() -> {
                    try (Reader reader = open(book)) {
                        return Seen.of(reader.toEnd());
                    }
                });
            }
            List<Future<List<Seen>>> results = new ArrayList<>();
            fast.forEach(it -> results.add(threads.submit(it)));
            for (int i = 0; i < 500; i++) {
                book.line("x".repeat(5_000));
            }
            book.complete().finishStage().completeRun();
            for (Future<List<Seen>> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(book.expected());
            }
            assertThat(slow.seen()).hasSize(4);
            while (!slow.feed().isOver()) {
                slow.until(it -> true);
                slow.isQuiet();
            }
            assertThat(slow.seen()).isEqualTo(book.expected());
        }
    }

    @Test
    void neighboursInThePartitionDoNotHideARun() throws Exception {
        Book book = new Book(subject).create().requestStage().claim().lines(2);
        for (int i = 0; i < 100; i++) {
            neighbourOf(book).create();
        }
        book.lines(2).complete().finishStage().completeRun();
        try (Reader reader = open(book)) {
            assertThat(Seen.of(reader.toEnd())).isEqualTo(book.expected());
        }
    }
}
