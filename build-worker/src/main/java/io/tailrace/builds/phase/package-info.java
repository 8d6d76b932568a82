/** Runs the phases of a build one after the other and turns what they print into windows of output. Knows nothing of Kafka. */
@NullMarked
package io.tailrace.builds.phase;

import org.jspecify.annotations.NullMarked;
