@NullMarked
package io.tailrace.events.kafka;

import org.jspecify.annotations.NullMarked;
