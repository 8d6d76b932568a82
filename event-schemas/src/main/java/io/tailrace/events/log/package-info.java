/** What a record of the log is for those who read by headers: topics, positions, headers. */
@NullMarked
package io.tailrace.events.log;

import org.jspecify.annotations.NullMarked;
