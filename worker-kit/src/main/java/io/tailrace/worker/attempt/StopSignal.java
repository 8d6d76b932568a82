package io.tailrace.worker.attempt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells one attempt that it has to stop. The first reason stays, except that a lost attempt is lost whatever was asked before. Safe from
 * any thread.
 */
public final class StopSignal {

    private final List<Runnable> listeners = new ArrayList<>();
    private volatile Optional<StopReason> reason = Optional.empty();

    /** Why the attempt has to stop, if it has to. */
    public Optional<StopReason> reason() {
        return reason;
    }

    /** Asks the attempt to stop. Calls the listeners on this thread. */
    public void stop(StopReason why) {
        List<Runnable> toCall;
        synchronized (this) {
            if (reason.isPresent() && why != StopReason.LOST) {
                return;
            }
            reason = Optional.of(why);
            toCall = List.copyOf(listeners);
        }
        toCall.forEach(Runnable::run);
    }

    /** Calls the listener when the attempt has to stop, at once if it has to already. It must not block, and may be called twice. */
    public void whenStopped(Runnable listener) {
        synchronized (this) {
            listeners.add(listener);
            if (reason.isEmpty()) {
                return;
            }
        }
        listener.run();
    }
}
