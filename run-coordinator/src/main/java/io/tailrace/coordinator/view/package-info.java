/** The read model: what a run looks like, projected from its lifecycle events alone. */
@NullMarked
package io.tailrace.coordinator.view;

import org.jspecify.annotations.NullMarked;
