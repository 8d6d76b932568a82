@NullMarked
package io.tailrace.events.log;

import org.jspecify.annotations.NullMarked;
