@NullMarked
package io.tailrace.coordinator.reading;

import org.jspecify.annotations.NullMarked;
