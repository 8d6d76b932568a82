package io.tailrace.gateway.view;

import io.tailrace.events.id.RunId;
import io.tailrace.runlog.Delivery;
import io.tailrace.runlog.Rendering;
import java.time.Duration;

/** A view whose frames say each its own event, whatever came before: they are made once for all who watch. */
public non-sealed interface MappedView extends StreamView {
    /** The events' frames. Always the same instance, because frames are shared by it. */
    Rendering events();

    /**
     * The first frame of a connection.
     *
     * @param retry how long the client is to wait before it connects again
     * @param id the place that the client goes on from
     */
    byte[] open(RunId run, Duration retry, String id);

    /**
     * What is said between events.
     *
     * @param id the place that the client has come to
     * @return empty for what this view does not say
     */
    byte[] control(RunId run, Delivery.Control control, String id);
}
