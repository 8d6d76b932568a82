@NullMarked
package io.tailrace.coordinator.decide;

import org.jspecify.annotations.NullMarked;
