@NullMarked
package io.tailrace.coordinator.view;

import org.jspecify.annotations.NullMarked;
