/** Child processes that outlive their parent, recognised again by pid and start time. */
@NullMarked
package io.tailrace.local.process;

import org.jspecify.annotations.NullMarked;
