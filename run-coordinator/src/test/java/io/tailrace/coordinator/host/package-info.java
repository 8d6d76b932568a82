@NullMarked
package io.tailrace.coordinator.host;

import org.jspecify.annotations.NullMarked;
