/** The build-worker: executes builds and appends what happens in them. */
@NullMarked
package io.tailrace.builds;

import org.jspecify.annotations.NullMarked;
