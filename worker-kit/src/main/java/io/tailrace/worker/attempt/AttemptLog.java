package io.tailrace.worker.attempt;

import io.tailrace.events.log.LogPosition;

/**
 * What an attempt says, in its order. Safe from any thread; the order of the facts is that of the calls.
 *
 * @param <F> the facts of the stage's topic
 */
public interface AttemptLog<F> {

    /**
     * Appends the next fact. Blocks while the log takes less than it is given.
     *
     * @throws AttemptLost when the attempt has ended or was lost; nothing is ever written after that
     */
    void append(F fact) throws AttemptLost;

    /**
     * Waits until the log has everything that was appended: what must not happen unrecorded begins after this.
     *
     * @return where the last of it lies. Whether it counts there is told by the log alone: another attempt may have the stage
     * @throws AttemptLost when the attempt was lost, or is lost now
     * @throws IllegalStateException if nothing was appended
     */
    LogPosition sync() throws AttemptLost;

    /**
     * Appends the fact that ends the stage and waits until the log has it, and with it everything before.
     *
     * @return where it lies
     * @throws AttemptLost when the attempt has ended or was lost, or is lost now
     */
    LogPosition end(F fact) throws AttemptLost;
}
