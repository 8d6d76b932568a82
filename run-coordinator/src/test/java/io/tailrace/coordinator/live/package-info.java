@NullMarked
package io.tailrace.coordinator.live;

import org.jspecify.annotations.NullMarked;
