package io.tailrace.turn.provider;

/** One call of a model: a stream of deltas, then one end. */
public interface ProviderCall {

    /**
     * Executes the call on the calling thread, which blocks until it is over: until the provider's own terminal event, a failure, one
     * of the request's timeouts, or a cancel. Once per call.
     *
     * <p>Whatever goes wrong with the provider is an end, never an exception. An interrupt ends the call as a recoverable failure; the
     * thread's flag stays set.
     *
     * @param sink gets the deltas in order, on the same thread. What it throws ends the call, closes the exchange and is thrown here
     * @return how it ended: {@link CallEnd.Canceled} if and only if {@link #cancel} was called before it was over, whatever the provider
     *     said meanwhile
     */
    CallEnd run(DeltaSink sink);

    /**
     * Asks for the end, from any thread, any number of times, before, while or after the call runs. Does not wait. The HTTP exchange is
     * closed, also while not one byte of the answer has come; no delta follows one that is being handed over at this moment.
     */
    void cancel();
}
