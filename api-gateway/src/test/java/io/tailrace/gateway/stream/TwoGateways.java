package io.tailrace.gateway.stream;

import io.tailrace.gateway.testing.TestGateway;
import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.Book;
import io.tailrace.runlog.KafkaLogUnderTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Tests of streams that clients go on with at another gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
abstract class TwoGateways {
    KafkaLogUnderTest log;
    List<TestGateway> gateways;

    @BeforeAll
    void start() {
        log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers());
        gateways = List.of(TestGateway.start(), TestGateway.start());
    }

    @AfterAll
    void stop() {
        gateways.forEach(TestGateway::close);
        log.close();
    }

    TestGateway gateway() {
        return gateways.getFirst();
    }

    /** A run that has ended, and whose view says so. */
    Book finished() {
        Book book = Book.complete(log);
        log.publish(book.view());
        return book;
    }
}
