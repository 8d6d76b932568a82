package io.tailrace.turn.provider;

/** Takes the deltas of one call, in order, on the thread that runs it; while it blocks nothing more is read from the provider. */
@FunctionalInterface
public interface DeltaSink {

    void accept(ModelDelta delta);
}
