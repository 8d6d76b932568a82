@NullMarked
package io.tailrace.events.reading;

import org.jspecify.annotations.NullMarked;
