@NullMarked
package io.tailrace.worker.queue;

import org.jspecify.annotations.NullMarked;
