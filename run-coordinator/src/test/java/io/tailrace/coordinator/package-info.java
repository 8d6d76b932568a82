@NullMarked
package io.tailrace.coordinator;

import org.jspecify.annotations.NullMarked;
