package io.tailrace.gateway.command;

import io.tailrace.events.command.RunCommand;

/** Where commands are recorded. Thread-safe. */
public interface CommandLog {
    /**
     * Records a command; when this returns the log has it. Blocks, bounded.
     *
     * @throws NotRecorded if it does not have it, or nobody knows
     */
    void append(RunCommand command) throws NotRecorded, InterruptedException;

    /** A command that the log did not confirm. */
    final class NotRecorded extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean surelyNot;

        /** @param surelyNot whether the command is surely not in the log, and never will be */
        public NotRecorded(boolean surelyNot, Throwable cause) {
            super(cause);
            this.surelyNot = surelyNot;
        }

        /** Whether the command is surely not in the log, and never will be. */
        public boolean surelyNot() {
            return surelyNot;
        }
    }
}
