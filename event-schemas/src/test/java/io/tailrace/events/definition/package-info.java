@NullMarked
package io.tailrace.events.definition;

import org.jspecify.annotations.NullMarked;
