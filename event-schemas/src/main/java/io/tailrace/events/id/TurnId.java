package io.tailrace.events.id;

import java.util.UUID;

/** Identifies one turn of a chat, within its run. 4 to 64 characters of {@code [a-z0-9-]}, as run ids have. */
public record TurnId(String value) implements WireScalar {

    /** @throws IllegalArgumentException if the value is not of the legal form */
    public TurnId {
        if (!isLegal(value)) {
            throw new IllegalArgumentException("not a turn id: 4 to 64 characters of a-z, 0-9 and '-' are needed");
        }
    }

    /** Whether the text could be a turn id. */
    public static boolean isLegal(String text) {
        return RunId.isLegal(text);
    }

    /** A turn id made of a (time-ordered or random) UUID. */
    public static TurnId of(UUID uuid) {
        return new TurnId("t" + RunId.of(uuid).value().substring(1));
    }

    /** The turn id that an idempotency key always leads to within a run, whichever gateway asks. */
    public static TurnId derived(RunId run, String idempotencyKey) {
        return new TurnId(RunId.derived(new WorkspaceId("turns"), run.value() + "\0" + idempotencyKey)
                .value());
    }

    /** The turn of a stage that is no message of a chat: always the same, whatever the attempt. */
    public static TurnId of(StageId stage) {
        return new TurnId(
                RunId.derived(new WorkspaceId("stages"), stage.value()).value());
    }

    @Override
    public String toString() {
        return value;
    }
}
