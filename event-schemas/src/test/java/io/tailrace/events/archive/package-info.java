@NullMarked
package io.tailrace.events.archive;

import org.jspecify.annotations.NullMarked;
