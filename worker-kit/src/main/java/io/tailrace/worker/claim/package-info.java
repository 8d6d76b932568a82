/** Finding out whether this worker holds a stage. */
@NullMarked
package io.tailrace.worker.claim;

import org.jspecify.annotations.NullMarked;
