package io.tailrace.worker.attempt;

/**
 * What an attempt says, in its order.
 *
 * @param <F> the facts of the stage's topic
 */
public interface AttemptLog<F> {

    /**
     * Appends the next fact. Blocks while the log takes less than it is given; safe from any thread, but the order of the facts of one
     * stage is the order of the calls.
     *
     * @throws AttemptLost when the attempt has ended or was lost; nothing is ever written after that
     */
    void append(F fact) throws AttemptLost;
}
