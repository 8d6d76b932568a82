@NullMarked
package io.tailrace.events.plan;

import org.jspecify.annotations.NullMarked;
