/** The run-coordinator: the one place that decides what a run is (DESIGN section 1). */
@NullMarked
package io.tailrace.coordinator;

import org.jspecify.annotations.NullMarked;
