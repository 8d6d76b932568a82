@NullMarked
package io.tailrace.coordinator.topology;

import org.jspecify.annotations.NullMarked;
