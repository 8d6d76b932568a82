/** The worker itself: takes stages from the queue, claims them, and has them executed. */
@NullMarked
package io.tailrace.worker.queue;

import org.jspecify.annotations.NullMarked;
