package io.tailrace.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.local.testing.TestKafka;
import io.tailrace.runlog.RunLog.Until;
import org.junit.jupiter.api.Test;

/** The tail reads what is needed, and no more. */
class TailTopicsTest {
    @Test
    void whoWatchesABuildDoesNotMakeTheGatewayReadTurns() throws Exception {
        try (KafkaLogUnderTest log = KafkaLogUnderTest.on(TestKafka.shared().bootstrapServers())) {
            Book build = new Book(log).create().requestStage().claim();
            try (Reader reader =
                    new Reader(log.log().open(build.location(), new Start.FromBeginning(), Until.END_OF_RUN))) {
                reader.untilEvents(4);
                build.lines(1);
                reader.untilEvents(5);
                assertThat(log.meters().tailPartitions).hasValue(2);
            }
            ChatBook chat = new ChatBook(log).create().submit("a", "x");
            while (log.partition(chat.run()) != build.partition()) {
                chat = new ChatBook(log).create().submit("a", "x");
            }
            try (Reader reader =
                    new Reader(log.log().open(chat.location(), new Start.FromBeginning(), Until.END_OF_RUN))) {
                reader.untilEvents(3);
                chat.dispatch("a", "x").claim().deltas("y");
                reader.untilEvents(7);
                assertThat(log.meters().tailPartitions).hasValue(3);
            }
        }
    }
}
