package io.tailrace.coordinator.topology;

import io.tailrace.events.log.Intake;

/** Why a record of a worker topic changes nothing: anybody who may write there can write anything. */
enum Refusal {
    HEADERS,
    NO_STAGE,
    MISPLACED_MARK,
    KEY,
    /** Its run is unknown, lies in another partition, or has ended. */
    NO_SUCH_RUN,
    /** Its stage is not the open one of its run, or is not executed in this topic. */
    OTHER_STAGE,
    /** The fence keeps it out: it is not its holder's next record. */
    FENCED;

    static Refusal of(Intake.Cause cause) {
        return switch (cause) {
            case HEADERS -> HEADERS;
            case NO_STAGE -> NO_STAGE;
            case MISPLACED_MARK -> MISPLACED_MARK;
            case KEY -> KEY;
        };
    }
}
