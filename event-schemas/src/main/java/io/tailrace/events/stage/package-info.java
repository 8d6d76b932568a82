/** What happens inside a stage, in the topic of its kind: written by the workers of that kind, and ended by the coordinator. */
@NullMarked
package io.tailrace.events.stage;

import org.jspecify.annotations.NullMarked;
