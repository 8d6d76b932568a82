package io.tailrace.runlog;

/** The fake keeps the port's promises. */
class InMemoryRunLogTest implements RunLogContract, ChatLogContract, MixedLogContract {
    private final LogUnderTest subject = MemoryLogUnderTest.fake();

    @Override
    public LogUnderTest subject() {
        return subject;
    }
}
