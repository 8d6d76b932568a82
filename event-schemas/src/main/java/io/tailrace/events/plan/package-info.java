/** What a run is asked to do, and the validation of untrusted plans. */
@NullMarked
package io.tailrace.events.plan;

import org.jspecify.annotations.NullMarked;
