/** What happens inside a build stage, written by build-workers. */
@NullMarked
package io.tailrace.events.build;

import org.jspecify.annotations.NullMarked;
