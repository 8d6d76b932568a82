package io.tailrace.runlog;

import org.junit.jupiter.api.AfterEach;

/** Tail, rings and replays keep the port's promises, over a log in memory. */
class TailedRunLogTest implements RunLogContract, ChatLogContract, MixedLogContract {
    private final LogUnderTest subject = MemoryLogUnderTest.tailed();

    @AfterEach
    void close() {
        subject.close();
    }

    @Override
    public LogUnderTest subject() {
        return subject;
    }
}
