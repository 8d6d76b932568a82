package io.tailrace.runlog;

import io.tailrace.local.testing.TestKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The tailed log keeps the port's promises on a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaRunLogTest implements RunLogContract, ChatLogContract, MixedLogContract {
    @SuppressWarnings("NullAway.Init")
    private LogUnderTest subject;

    @BeforeAll
    void start() {
        subject = new KafkaLogUnderTest(TestKafka.shared().bootstrapServers(), KafkaLogUnderTest.SMALL);
    }

    @AfterAll
    void close() {
        subject.close();
    }

    @Override
    public LogUnderTest subject() {
        return subject;
    }
}
