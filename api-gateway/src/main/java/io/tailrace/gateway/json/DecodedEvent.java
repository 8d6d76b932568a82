package io.tailrace.gateway.json;

import io.tailrace.events.log.EventHeaders;
import io.tailrace.events.log.EventType;
import io.tailrace.events.run.RunFact;
import io.tailrace.events.stage.StageFact;
import java.time.Instant;

/** What a record of an event topic says, and when it was so. */
public sealed interface DecodedEvent {
    Instant occurredAt();

    /** Its fact, as a record. */
    Record payload();

    /** Whether headers announce this: numbering goes by them, so another type or number of events cannot be shown. */
    boolean isAnnouncedBy(EventHeaders headers);

    /** A fact of a run. */
    record OfRun(Instant occurredAt, RunFact fact) implements DecodedEvent {
        @Override
        public Record payload() {
            return (Record) fact;
        }

        @Override
        public boolean isAnnouncedBy(EventHeaders headers) {
            return announces(headers, fact.type(), fact.count());
        }
    }

    /** A fact of a stage. */
    record OfStage(Instant occurredAt, StageFact fact) implements DecodedEvent {
        @Override
        public Record payload() {
            return (Record) fact;
        }

        @Override
        public boolean isAnnouncedBy(EventHeaders headers) {
            return announces(headers, fact.type(), fact.count());
        }
    }

    private static boolean announces(EventHeaders headers, EventType type, int count) {
        return headers.type().equals(type.wireName()) && headers.count() == count;
    }
}
