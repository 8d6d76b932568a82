/** A real KRaft broker from Maven artifacts, in a process of its own. */
@NullMarked
package io.tailrace.local.broker;

import org.jspecify.annotations.NullMarked;
