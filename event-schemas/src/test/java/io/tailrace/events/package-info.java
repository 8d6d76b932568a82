@NullMarked
package io.tailrace.events;

import org.jspecify.annotations.NullMarked;
